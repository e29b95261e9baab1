package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.op.Batch;
import dev.safefs.op.Copier;
import dev.safefs.op.Directories;
import dev.safefs.op.Linker;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.op.PendingWrite;
import dev.safefs.op.TreeOps;
import dev.safefs.op.TreePlan;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.OpenOption;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link AnomalyTest}, for batches, pending files, trees, copies over something, and what is
 * created in place.
 */
@ParameterizedClass
@EnumSource(Ground.class)
@Tag("K3")
class VerbAnomalyTest {
  private static final SafeConfig BEST_EFFORT =
      SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);

  private final Ground ground;

  VerbAnomalyTest(Ground ground) {
    this.ground = ground;
  }

  private static OpenRequest request(OpenOption... options) {
    return OpenRequest.parse(Set.of(options), SafeConfig.confined());
  }

  private static void write(FileChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static void tree(Bench bench) throws IOException {
    bench.directory("d");
    bench.directory("d/e");
    bench.file("d/e/x", "X");
    bench.link("d/l", "e");
  }

  private Anomalies with(Anomalies.Operation prepare) {
    return Anomalies.of(ground, prepare);
  }

  private static void pending(Bench bench) throws IOException {
    try (PendingWrite pending =
        PendingWrite.open(bench.place("a"), request(WRITE, CREATE, TRUNCATE_EXISTING))) {
      write(pending.channel(), "new");
      pending.commit();
    }
  }

  @Test
  @Tag("W1")
  void aPendingFile() throws IOException {
    with(bench -> {}).run(VerbAnomalyTest::pending, "{}", "{a=new}");
  }

  @Test
  @Tag("W1")
  void aPendingFileOverAnother() throws IOException {
    with(bench -> bench.file("a", "old")).run(VerbAnomalyTest::pending, "{a=old}", "{a=new}");
  }

  @Test
  @Tag("W1")
  void aPendingFileThatBeginsAsACopy() throws IOException {
    with(bench -> bench.file("a", "old"))
        .run(
            bench -> {
              try (PendingWrite pending = PendingWrite.open(bench.place("a"), request(WRITE))) {
                write(pending.channel(), "n");
                pending.commit();
              }
            },
            "{a=old}",
            "{a=nld}");
  }

  @Test
  @Tag("W1")
  void anAbandonedPendingFile() throws IOException {
    with(bench -> bench.file("a", "old"))
        .run(
            bench -> {
              try (PendingWrite pending = PendingWrite.open(bench.place("a"), request(WRITE))) {
                write(pending.channel(), "n");
              }
            },
            "{a=old}");
  }

  @Test
  @Tag("W3")
  void aForcedFile() throws IOException {
    with(bench -> bench.file("a", "old"))
        .run(
            bench -> {
              try (FileChannel channel =
                  Opener.open(bench.place("a"), request(WRITE, CREATE, TRUNCATE_EXISTING))) {
                write(channel, "one");
                channel.force(true);
                write(channel, "two");
              }
            },
            "{a=old}",
            "{a=onetwo}",
            "{a=one}");
  }

  /** Each file for itself: of two that are published together, the first may be new alone. */
  @Test
  @Tag("W6")
  void aBatch() throws IOException {
    with(bench -> bench.file("a", "old"))
        .run(
            bench -> {
              try (Batch batch = new Batch()) {
                for (String name : new String[] {"a", "b"}) {
                  OpenRequest request = request(WRITE, CREATE, TRUNCATE_EXISTING);
                  write(batch.add(bench.place(name), request).channel(), "new");
                }
                batch.commit().check();
              }
            },
            "{a=old}",
            "{a=new, b=new}",
            "{a=new}");
  }

  @Test
  @Tag("C2")
  void aCopyOverAnother() throws IOException {
    with(bench -> {
          bench.file("a", "A");
          bench.file("b", "B");
        })
        .run(
            bench ->
                Copier.copy(
                    bench.place("a"),
                    bench.place("b"),
                    CopyRequest.parse(REPLACE_EXISTING, COPY_ATTRIBUTES)),
            "{a=A, b=B}",
            "{a=A, b=A}");
  }

  @Test
  @Tag("M2")
  void aMoveOverAnEmptyDirectory() throws IOException {
    with(bench -> {
          bench.file("a", "A");
          bench.directory("b");
        })
        .run(
            bench ->
                Mover.move(
                    bench.place("a", BEST_EFFORT),
                    bench.place("b", BEST_EFFORT),
                    MoveRequest.parse(REPLACE_EXISTING)),
            "{a=A, b=dir}",
            "{b=A}");
  }

  /** What the engine cannot do it does not begin. */
  @Test
  @Tag("M5")
  void anExchange() throws IOException {
    with(bench -> {
          bench.file("a", "A");
          bench.file("b", "B");
        })
        .run(bench -> Mover.exchange(bench.place("a"), bench.place("b")), "{a=A, b=B}");
  }

  @Test
  @Tag("L2")
  void aComparedLink() throws IOException {
    with(bench -> bench.link("l", "one"))
        .run(bench -> Linker.replaceSymbolicLink(bench.place("l"), "one", "two"), "{l=->one}");
  }

  @Test
  @Tag("D2")
  void aDeletedTree() throws IOException {
    with(VerbAnomalyTest::tree)
        .run(
            bench -> TreeOps.deleteTree(bench.place("d"), TreePlan.STOP),
            "{d=dir, d/e=dir, d/e/x=X, d/l=->e}",
            "{}",
            "{d=dir}",
            "{d=dir, d/e=dir}",
            "{d=dir, d/e=dir, d/e/x=X}",
            "{d=dir, d/e=dir, d/l=->e}",
            "{d=dir, d/l=->e}");
  }

  @Test
  @Tag("D2")
  void aCopiedTree() throws IOException {
    with(VerbAnomalyTest::tree)
        .run(
            bench ->
                TreeOps.copyTree(
                    bench.place("d"), bench.place("c"), CopyRequest.parse(), TreePlan.STOP),
            "{d=dir, d/e=dir, d/e/x=X, d/l=->e}",
            "{c=dir, c/e=dir, c/e/x=X, c/l=->e, d=dir, d/e=dir, d/e/x=X, d/l=->e}");
  }

  @Test
  @Tag("D2")
  void aMovedTree() throws IOException {
    with(VerbAnomalyTest::tree)
        .run(
            bench ->
                TreeOps.moveTree(
                    bench.place("d"), bench.place("m"), MoveRequest.parse(), TreePlan.STOP),
            "{d=dir, d/e=dir, d/e/x=X, d/l=->e}",
            "{m=dir, m/e=dir, m/e/x=X, m/l=->e}");
  }

  @Test
  @Tag("L4")
  void links() throws IOException {
    with(bench -> bench.file("a", "A"))
        .run(bench -> Linker.createLink(bench.place("h"), bench.place("a")), "{a=A}", "{a=A, h=A}");
    with(bench -> {})
        .run(
            bench -> Linker.createSymbolicLink(bench.place("l"), "x", InitialAttributes.NONE),
            "{}",
            "{l=->x}");
  }

  @Test
  @Tag("W5")
  void whatIsCreatedInPlace() throws IOException {
    with(bench -> {})
        .run(
            bench -> Directories.create(bench.place("d"), InitialAttributes.NONE), "{}", "{d=dir}");
    with(bench -> {})
        .run(
            bench -> Opener.open(bench.place("a"), request(WRITE, CREATE_NEW)).close(),
            "{}",
            "{a=}");
  }
}
