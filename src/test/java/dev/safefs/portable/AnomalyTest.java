package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

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
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each operation with its first, second, third … call of the delegate failing: old or new, and no
 * stray names.
 */
@ParameterizedClass
@EnumSource(Ground.class)
class AnomalyTest {
  private static final SafeConfig CONFIG = SafeConfig.confined();

  private final Ground ground;

  AnomalyTest(Ground ground) {
    this.ground = ground;
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
    Anomalies.of(ground, bench -> {}).run(AnomalyTest::write, "{}", "{a=new}");
  }

  @Test
  @Tag("K3")
  void aReplacedFile() throws IOException {
    Anomalies.of(ground, bench -> bench.file("a", "old"))
        .run(AnomalyTest::write, "{a=old}", "{a=new}");
  }

  @Test
  @Tag("K3")
  void aMoveToAFreeName() throws IOException {
    Anomalies.of(ground, bench -> bench.file("a", "A"))
        .run(
            bench -> Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse()),
            "{a=A}",
            "{b=A}");
  }

  @Test
  @Tag("K3")
  void aMoveOfADirectory() throws IOException {
    Anomalies.of(ground, bench -> bench.directory("a"))
        .run(
            bench -> Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse()),
            "{a=dir}",
            "{b=dir}");
  }

  @Test
  @Tag("K3")
  void aReplacingMove() throws IOException {
    Anomalies.of(
            ground,
            bench -> {
              bench.file("a", "A");
              bench.file("b", "B");
            })
        .run(
            bench ->
                Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse(REPLACE_EXISTING)),
            "{a=A, b=B}",
            "{b=A}");
  }

  @Test
  @Tag("K3")
  void aCopy() throws IOException {
    Anomalies.of(ground, bench -> bench.file("a", "A"))
        .run(
            bench -> Copier.copy(bench.place("a"), bench.place("b"), CopyRequest.parse()),
            "{a=A}",
            "{a=A, b=A}");
  }

  @Test
  @Tag("K3")
  void aReplacedLink() throws IOException {
    Anomalies.of(ground, bench -> bench.link("l", "one"))
        .run(
            bench -> Linker.replaceSymbolicLink(bench.place("l"), "two"), "{l=->one}", "{l=->two}");
  }

  @Test
  @Tag("K3")
  void aRespelling() throws IOException {
    Anomalies.of(ground, bench -> bench.file("case", "A"))
        .run(
            bench ->
                Mover.move(
                    bench.place("case"), bench.place("CASE"), MoveRequest.parse(REPLACE_EXISTING)),
            "{case=A}",
            "{CASE=A}");
  }

  @Test
  @Tag("K3")
  void aDeletion() throws IOException {
    Anomalies.of(ground, bench -> bench.file("a", "A"))
        .run(bench -> Deleter.delete(bench.place("a")), "{a=A}", "{}");
  }
}
