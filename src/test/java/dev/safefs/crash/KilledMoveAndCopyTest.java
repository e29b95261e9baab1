package dev.safefs.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import client.OneOperation;
import dev.safefs.Requirement;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that is killed at each system call of a move to another file system, and of a copy that
 * replaces.
 */
@Tag("root")
@Tag("K1")
class KilledMoveAndCopyTest {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final byte[] OLD = "old".repeat(30_000).getBytes(UTF_8);
  private static final byte[] NEW = "new".repeat(40_000).getBytes(UTF_8);

  @TempDir Path disk;
  private Path memory;
  private Path source;
  private Path target;

  @BeforeEach
  void makeRoom() throws IOException {
    boolean differ =
        Files.isWritable(MEMORY) && !Files.getFileStore(MEMORY).equals(Files.getFileStore(disk));
    Requirement.present(differ, "two file systems");
    memory = Files.createTempDirectory(MEMORY, "safefs-killed");
    Files.createDirectory(disk.resolve("room"));
    source = memory.resolve("source");
    target = disk.resolve("room/target");
  }

  @AfterEach
  void tidy() throws IOException {
    empty(memory);
    Files.delete(memory);
  }

  @Test
  @Tag("M3")
  void aMoveAcrossLosesNothing() throws Exception {
    List<KillPoints.Point> points = points("move", "safe").run(this::lookAfterMove);
    assertThat(points).hasSizeGreaterThan(5);
    assertThat(points("move", "file").violations(this::lookAfterMove)).as("JDK").isPositive();
  }

  @Test
  @Tag("C2")
  void aReplacingCopyLeavesOldOrNew() throws Exception {
    List<KillPoints.Point> points = points("copy", "safe").run(this::lookAfterCopy);
    assertThat(points).hasSizeGreaterThan(5);
    assertThat(points("copy", "file").violations(this::lookAfterCopy)).as("JDK").isPositive();
  }

  private void lookAfterMove() throws IOException {
    assertThat(Files.exists(target)).as("target is there").isTrue();
    byte[] there = Files.readAllBytes(target);
    assertThat(isEqual(there, OLD) || isEqual(there, NEW)).as("target is whole").isTrue();
    boolean kept = isSourceWhole();
    assertThat(kept || isEqual(there, NEW)).as("nothing is lost").isTrue();
    assertNoStrayNames();
  }

  private void lookAfterCopy() throws IOException {
    assertThat(Files.exists(target)).as("target is there").isTrue();
    byte[] there = Files.readAllBytes(target);
    assertThat(isEqual(there, OLD) || isEqual(there, NEW)).as("target is whole").isTrue();
    assertThat(isSourceWhole()).as("source is whole").isTrue();
    assertNoStrayNames();
  }

  /** The source, by its name or in the private directory that a sweep returns it from. */
  private boolean isSourceWhole() throws IOException {
    try (Stream<Path> all = Files.walk(memory)) {
      for (Path path : all.filter(path -> path.endsWith("source")).toList()) {
        if (isEqual(Files.readAllBytes(path), NEW)) {
          return true;
        }
      }
      return false;
    }
  }

  private void assertNoStrayNames() throws IOException {
    for (Path room : List.of(memory, target.getParent())) {
      try (Stream<Path> names = Files.list(room)) {
        assertThat(names.map(path -> path.getFileName().toString()))
            .allMatch(name -> name.matches("source|target|\\.safefs-[a-z][a-z2-7]{26}"));
      }
    }
  }

  private static boolean isEqual(byte[] one, byte[] other) {
    return Arrays.equals(one, other);
  }

  private KillPoints points(String operation, String scheme) {
    List<String> program = new ArrayList<>();
    program.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    program.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    if (Runtime.version().feature() >= 22) {
      program.add("--enable-native-access=ALL-UNNAMED");
    }
    program.addAll(List.of("-cp", classPath(), OneOperation.class.getName(), operation));
    for (Path path : List.of(source, target)) {
      program.add(scheme + "://" + path.toUri().getRawPath());
    }
    program.add("REPLACE_EXISTING");
    List<String> places = List.of(memory.toString(), target.getParent().toString());
    return new KillPoints(program, places, this::plant, disk.resolve("trace"));
  }

  private static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    String path = surefire == null ? System.getProperty("java.class.path") : surefire;
    List<String> absolute = new ArrayList<>();
    for (String each : path.split(File.pathSeparator)) {
      absolute.add(Path.of(each).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, absolute);
  }

  private void plant() throws IOException {
    empty(memory);
    empty(target.getParent());
    Files.write(source, NEW);
    Files.write(target, OLD);
  }

  private static void empty(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.equals(directory) && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          Files.delete(path);
        }
      }
    }
  }
}
