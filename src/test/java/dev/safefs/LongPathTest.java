package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Paths of 6,000 bytes in the machine's own namespace; what is confined is in {@code DepthTest}.
 */
@Tag("R7")
class LongPathTest {
  private static final int DEPTH = 60;

  @TempDir(factory = InMemory.class)
  Path dir;

  private Path root() {
    return Path.of(URI.create("safe:///")).resolve(dir.toString());
  }

  private static Path deep(Path root) {
    Path deep = root.resolve("tree");
    for (int i = 0; i < DEPTH; i++) {
      deep = deep.resolve("d".repeat(100));
    }
    return deep;
  }

  @AfterEach
  void delete() throws IOException {
    if (Files.exists(dir.resolve("tree"))) {
      SafeFiles.deleteTree(root().resolve("tree"));
    }
  }

  @Test
  void controlTheJdkGivesTheKernelTheWholePath() {
    assertThatThrownBy(() -> Files.createDirectories(deep(dir)))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void filesAreMadeReadMovedAndDeleted() throws IOException {
    Path deep = Files.createDirectories(deep(root()));
    Path file = Files.writeString(deep.resolve("file"), "content");
    Files.writeString(file, "!", StandardOpenOption.APPEND);
    assertThat(Files.exists(file)).isTrue();
    assertThat(Files.exists(deep.resolve("other"))).isFalse();
    assertThat(Files.readString(file)).isEqualTo("content!");
    assertThat(Files.size(file)).isEqualTo(8);
    assertThat(file.toRealPath()).isEqualTo(root().toRealPath().resolve(root().relativize(file)));
    Files.copy(file, deep.resolve("copy"));
    Path moved = Files.move(file, deep.resolve("moved"));
    assertThat(Files.isSameFile(moved, deep.resolve("./moved"))).isTrue();
    Files.createSymbolicLink(deep.resolve("link"), moved.getFileName());
    assertThat(Files.readSymbolicLink(deep.resolve("link"))).hasToString("moved");
    try (Stream<Path> entries = Files.list(deep)) {
      assertThat(entries.map(Path::getFileName).map(Path::toString))
          .containsExactlyInAnyOrder("copy", "link", "moved");
    }
    for (String name : List.of("copy", "link", "moved")) {
      Files.delete(deep.resolve(name));
    }
    try (Stream<Path> tree = Files.walk(root().resolve("tree"))) {
      assertThat(tree).hasSize(DEPTH + 1);
    }
  }

  @Test
  void attributesAreReadAndSet() throws IOException {
    Path file = Files.createFile(Files.createDirectories(deep(root())).resolve("file"));
    Set<PosixFilePermission> permissions = Set.of(PosixFilePermission.OWNER_READ);
    Files.setPosixFilePermissions(file, permissions);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1000));
    Files.setOwner(file, Files.getOwner(file));
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(permissions);
    assertThat(Files.readAttributes(file, "size,lastModifiedTime"))
        .isEqualTo(Map.of("size", 0L, "lastModifiedTime", FileTime.fromMillis(1000)));
    assertThat(Files.isReadable(file)).isTrue();
  }

  /** The delegate looks for the mount by the path of what is held open. */
  @Test
  void theStoreIsThatOfTheDirectoryAbove() throws IOException {
    Path deep = Files.createDirectories(deep(root()));
    try (FileSystem confined =
        FileSystems.newFileSystem(URI.create("safe://" + dir.toRealPath()), Map.of())) {
      for (Path each : List.of(deep, deep(confined.getPath("/")))) {
        FileStore store = Files.getFileStore(each);
        assertThat(store.type()).isEqualTo(Files.getFileStore(dir).type());
        assertThat(store.getTotalSpace()).isEqualTo(Files.getFileStore(dir).getTotalSpace());
      }
    }
  }
}
