package dev.safefs.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import dev.safefs.SafeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program that is killed at each system call of a verb on links and trees. */
@Tag("root")
@Tag("K1")
class KilledVerbTest {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final List<String> NAMES = List.of("a", "sub/b", "sub/c");

  @TempDir Path disk;
  private Path room;
  private Path far;

  @BeforeEach
  void makeRoom() throws IOException {
    room = Files.createDirectory(disk.resolve("room"));
    boolean differ =
        Files.isWritable(MEMORY) && !Files.getFileStore(MEMORY).equals(Files.getFileStore(disk));
    Requirement.present(differ, "two file systems");
    far = Files.createTempDirectory(MEMORY, "safefs-killed");
  }

  @AfterEach
  void tidy() throws IOException {
    SafeFiles.deleteTree(far);
  }

  @Test
  @Tag("L1")
  void aLinkThatIsReplacedIsAlwaysThere() throws Exception {
    KillPoints.Step plant = () -> link("old");
    KillPoints.Step look =
        () -> {
          assertThat(room.resolve("link")).isSymbolicLink();
          assertThat(Files.readSymbolicLink(room.resolve("link")).toString()).isIn("old", "new");
          assertSwept(List.of("link"));
        };
    Path link = room.resolve("link");
    assertThat(points("link", link, Path.of("new"), plant).run(look)).hasSizeGreaterThan(1);
    assertThat(points("link-by-hand", link, Path.of("new"), plant).violations(look))
        .as("control: delete and create")
        .isPositive();
  }

  @Test
  @Tag("M5")
  void aDirectoryThatIsReplacedIsAlwaysWhole() throws Exception {
    KillPoints.Step plant =
        () -> {
          clear();
          plantTree(room.resolve("staged"), "new");
          plantTree(room.resolve("live"), "old");
        };
    KillPoints.Step look =
        () -> {
          String live = version(room.resolve("live"));
          assertThat(live).isIn("old", "new");
          assertThat(version(room.resolve("staged"))).isIn("old", "new").isNotEqualTo(live);
          assertSwept(List.of("live", "staged"));
        };
    Path staged = room.resolve("staged");
    Path live = room.resolve("live");
    assertThat(points("replace", staged, live, plant).run(look)).isNotEmpty();
    assertThat(points("replace-by-hand", staged, live, plant).violations(look))
        .as("control: three renames")
        .isPositive();
  }

  @Test
  @Tag("M3")
  void aTreeThatIsMovedAcrossIsNeverLost() throws Exception {
    Path source = far.resolve("tree");
    Path target = room.resolve("tree");
    KillPoints.Step plant =
        () -> {
          clear();
          plantTree(source, "tree");
        };
    KillPoints.Step look =
        () -> {
          SafeFiles.sweep(far);
          if (Files.exists(target)) {
            assertThat(version(target)).isEqualTo("tree");
          } else {
            assertThat(version(source)).isEqualTo("tree");
          }
        };
    assertThat(points("move", source, target, plant).run(look)).hasSizeGreaterThan(10);
  }

  private void clear() throws IOException {
    for (Path each : List.of(room, far)) {
      SafeFiles.deleteTree(each);
      Files.createDirectory(each);
    }
  }

  private void link(String target) throws IOException {
    clear();
    Files.createSymbolicLink(room.resolve("link"), Path.of(target));
  }

  private static void plantTree(Path tree, String content) throws IOException {
    for (String name : NAMES) {
      Path file = tree.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, content);
    }
  }

  /** Returns the content that all files of a tree have. */
  private static String version(Path tree) throws IOException {
    assertThat(tree.resolve(NAMES.get(0))).exists();
    String first = Files.readString(tree.resolve(NAMES.get(0)));
    for (String name : NAMES) {
      assertThat(tree.resolve(name)).hasContent(first);
    }
    return first;
  }

  private void assertSwept(List<String> names) throws IOException {
    SafeFiles.sweep(room);
    try (Stream<Path> entries = Files.list(room)) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(names);
    }
    assertThat(Files.exists(room, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  private KillPoints points(String verb, Path first, Path second, KillPoints.Step plant) {
    List<String> program = new ArrayList<>(List.of(ClassPath.java().split(" ")));
    program.addAll(List.of("-Xshare:auto", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    program.addAll(List.of("-cp", ClassPath.absolute(), OneVerb.class.getName(), verb));
    program.addAll(List.of(first.toString(), second.toString()));
    List<String> places = List.of(room.toString(), far.toString());
    return new KillPoints(program, places, plant, disk.resolve("trace"));
  }
}
