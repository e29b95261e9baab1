package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.op.Copier;
import dev.safefs.op.Deleter;
import dev.safefs.op.Linker;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation with its first, second, third … call of the delegate failing: old or new, and no
 * stray names.
 */
@ParameterizedClass
@EnumSource(
    value = Ground.class,
    names = {"JIMFS_UNIX", "JIMFS_OSX", "JIMFS_WINDOWS", "JDK"})
class AnomalyTest {
  private static final int MOST_CALLS = 2_000;
  private static final SafeConfig CONFIG = SafeConfig.confined();

  private final Ground ground;

  AnomalyTest(Ground ground) {
    this.ground = ground;
  }

  /** Something to be done with a failure in it. */
  private interface Operation {
    void on(Bench bench) throws IOException;
  }

  /** Fails the n-th call, once. */
  private static final class FailOnce implements FilteringProvider.Filter {
    private int left = Integer.MAX_VALUE;
    private boolean failed;

    @Override
    public void before(String call) throws IOException {
      if (--left == 0) {
        failed = true;
        throw new FileSystemException("the delegate's path", null, call + ": Input/output error");
      }
    }
  }

  private void anomalies(Operation prepare, Operation operation, String old, String... acceptable)
      throws IOException {
    for (int n = 1; n < MOST_CALLS; n++) {
      Path root = ground.open();
      FailOnce filter = new FailOnce();
      FilteringProvider provider = new FilteringProvider(root.getFileSystem().provider(), filter);
      try (Bench bench = Bench.over(root, provider, LinkPolicy.BENEATH)) {
        prepare.on(bench);
        filter.left = n;
        boolean succeeded = run(operation, bench);
        boolean failed = filter.failed;
        filter.left = Integer.MAX_VALUE;
        String state = state(root);
        assertThat(state).as("after call %s failed", n).isIn(with(old, acceptable));
        if (succeeded) {
          assertThat(state).as("success after call %s failed", n).isNotEqualTo(old);
        }
        if (!failed) {
          return;
        }
      } finally {
        ground.discard(root);
      }
    }
    fail("takes more than " + MOST_CALLS + " calls");
  }

  private static Set<String> with(String old, String... acceptable) {
    Set<String> all = new java.util.TreeSet<>(Set.of(acceptable));
    all.add(old);
    return all;
  }

  private static boolean run(Operation operation, Bench bench) {
    try {
      operation.on(bench);
      return true;
    } catch (IOException e) {
      assertThat(e.toString()).doesNotContain("the delegate's path");
      return false;
    }
  }

  private static String state(Path root) throws IOException {
    TreeMap<String, String> files = new TreeMap<>();
    try (var entries = Files.newDirectoryStream(root)) {
      for (Path entry : entries) {
        String content =
            Files.isSymbolicLink(entry)
                ? "->" + Files.readSymbolicLink(entry)
                : Files.isDirectory(entry) ? "dir" : Files.readString(entry);
        files.put(entry.getFileName().toString(), content);
      }
    }
    return files.toString();
  }

  private static void write(Bench bench) throws IOException {
    OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), CONFIG);
    try (FileChannel channel = Opener.open(bench.place("a"), request)) {
      channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
    }
  }

  @Test
  @Tag("K3")
  void aNewFile() throws IOException {
    anomalies(bench -> {}, AnomalyTest::write, "{}", "{a=new}");
  }

  @Test
  @Tag("K3")
  void aReplacedFile() throws IOException {
    anomalies(bench -> bench.file("a", "old"), AnomalyTest::write, "{a=old}", "{a=new}");
  }

  @Test
  @Tag("K3")
  void aMoveToAFreeName() throws IOException {
    anomalies(
        bench -> bench.file("a", "A"),
        bench -> Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse()),
        "{a=A}",
        "{b=A}");
  }

  @Test
  @Tag("K3")
  void aMoveOfADirectory() throws IOException {
    anomalies(
        bench -> bench.directory("a"),
        bench -> Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse()),
        "{a=dir}",
        "{b=dir}");
  }

  @Test
  @Tag("K3")
  void aReplacingMove() throws IOException {
    anomalies(
        bench -> {
          bench.file("a", "A");
          bench.file("b", "B");
        },
        bench ->
            Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse(REPLACE_EXISTING)),
        "{a=A, b=B}",
        "{b=A}");
  }

  @Test
  @Tag("K3")
  void aCopy() throws IOException {
    anomalies(
        bench -> bench.file("a", "A"),
        bench -> Copier.copy(bench.place("a"), bench.place("b"), CopyRequest.parse()),
        "{a=A}",
        "{a=A, b=A}");
  }

  @Test
  @Tag("K3")
  void aReplacedLink() throws IOException {
    anomalies(
        bench -> bench.link("l", "one"),
        bench -> Linker.replaceSymbolicLink(bench.place("l"), "two"),
        "{l=->one}",
        "{l=->two}");
  }

  @Test
  @Tag("K3")
  void aRespelling() throws IOException {
    anomalies(
        bench -> bench.file("case", "A"),
        bench ->
            Mover.move(
                bench.place("case"), bench.place("CASE"), MoveRequest.parse(REPLACE_EXISTING)),
        "{case=A}",
        "{CASE=A}");
  }

  @Test
  @Tag("K3")
  void aDeletion() throws IOException {
    anomalies(
        bench -> bench.file("a", "A"), bench -> Deleter.delete(bench.place("a")), "{a=A}", "{}");
  }
}
