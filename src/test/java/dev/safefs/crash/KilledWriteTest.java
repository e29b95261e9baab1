package dev.safefs.crash;

import static org.assertj.core.api.Assertions.assertThat;

import client.OneWrite;
import dev.safefs.SafeFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that is killed at each system call of a write: of a new file, of one that is replaced,
 * through a link, of many.
 */
@Tag("root")
@Tag("K1")
@Tag("W1")
class KilledWriteTest {
  private static final String OLD = "old".repeat(30_000);
  private static final String NEW = "new".repeat(40_000);

  @TempDir Path temporary;

  private Path room() throws IOException {
    return Files.createDirectories(temporary.resolve("room"));
  }

  private void plant(String... names) throws IOException {
    try (Stream<Path> all = Files.list(room())) {
      for (Path path : all.toList()) {
        Files.delete(path);
      }
    }
    for (String name : names) {
      Files.writeString(room().resolve(name), OLD);
    }
  }

  private KillPoints points(String scheme, String operation, KillPoints.Step setUp, String... names)
      throws IOException {
    List<String> program = new ArrayList<>(List.of(ClassPath.java().split(" ")));
    program.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", ClassPath.absolute()));
    program.addAll(List.of(OneWrite.class.getName(), operation));
    for (String name : names) {
      program.add(scheme + "://" + room().resolve(name).toUri().getRawPath());
    }
    return new KillPoints(program, List.of(room().toString()), setUp, temporary.resolve("trace"));
  }

  /** Old or new, whole, and after a sweep nothing else. */
  private void look(List<String> mayBeMissing, String... names) throws IOException {
    for (String name : names) {
      Path file = room().resolve(name);
      if (Files.exists(file) || !mayBeMissing.contains(name)) {
        assertThat(Files.readString(file)).as(name).isIn(OLD, NEW);
      }
    }
    SafeFiles.sweep(Path.of(URI.create("safe://" + room().toUri().getRawPath())));
    try (Stream<Path> all = Files.list(room())) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .isSubsetOf(List.of("a", "b", "link"));
    }
  }

  @Test
  void aReplacedFileIsOldOrNew() throws Exception {
    assertThat(points("safe", "write", () -> plant("a"), "a").run(() -> look(List.of(), "a")))
        .hasSizeGreaterThan(5);
    int broken =
        points("file", "write", () -> plant("a"), "a").violations(() -> look(List.of(), "a"));
    assertThat(broken).as("control on the JDK").isPositive();
  }

  @Test
  void aNewFileIsWholeOrAbsent() throws Exception {
    assertThat(points("safe", "write", this::plant, "a").run(() -> look(List.of("a"), "a")))
        .hasSizeGreaterThan(3);
    int broken =
        points("file", "write", this::plant, "a").violations(() -> look(List.of("a"), "a"));
    assertThat(broken).as("control on the JDK").isPositive();
  }

  @Test
  void aFileBehindALinkIsOldOrNewAndTheLinkStays() throws Exception {
    KillPoints.Step setUp =
        () -> {
          plant("a");
          Files.createSymbolicLink(room().resolve("link"), Path.of("a"));
        };
    points("safe", "write", setUp, "link")
        .run(
            () -> {
              look(List.of(), "a", "link");
              assertThat(Files.exists(room().resolve("link"), LinkOption.NOFOLLOW_LINKS)).isTrue();
              assertThat(Files.isSymbolicLink(room().resolve("link"))).isTrue();
            });
    int broken = points("file", "write", setUp, "link").violations(() -> look(List.of(), "a"));
    assertThat(broken).as("control on the JDK").isPositive();
  }

  @Test
  @Tag("W6")
  void eachFileOfABatchIsOldOrNew() throws Exception {
    points("safe", "batch", () -> plant("a"), "a", "b").run(() -> look(List.of("b"), "a", "b"));
  }
}
