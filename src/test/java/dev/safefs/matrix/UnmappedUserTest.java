package dev.safefs.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.PinnedFile;
import dev.safefs.SafeFiles;
import dev.safefs.Strictness;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Where a container's files are mounted for it, the machine's own root has no number: it may write
 * and remove what is there, and make and rename nothing (EOVERFLOW; mount_setattr(2)).
 */
@Tag("root")
@Tag("K4")
class UnmappedUserTest {
  private static final int OWNER = 500;

  private Mount mount;
  private Mount other;
  private Path dir;

  private static Path safe(Path path) {
    return Path.of(URI.create("safe:///")).resolve(path.toString());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static void give(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", OWNER);
    Files.setAttribute(path, "unix:gid", OWNER);
  }

  @BeforeEach
  void mount() throws IOException {
    mount = Mount.of(FileSystemKind.TMPFS);
    other = Mount.of(FileSystemKind.TMPFS);
    give(mount.root());
    give(Files.writeString(mount.root().resolve("a"), "A"));
    give(Files.writeString(mount.root().resolve("b"), "B"));
    give(Files.createDirectory(mount.root().resolve("tree")));
    give(Files.writeString(mount.root().resolve("tree/f"), "F"));
    dir = mount.beside("mapped");
    mount.map(dir, "0 100000 1000");
  }

  @AfterEach
  void unmount() throws IOException {
    mount.close();
    other.close();
  }

  @Test
  void nothingCanBeMade() {
    assertThatThrownBy(() -> Files.createFile(dir.resolve("new")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Files.createFile(safe(dir.resolve("new"))))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  @Tag("W1")
  void aFileIsWrittenInPlaceOrNotAtAll() throws IOException {
    assertThatThrownBy(() -> Files.writeString(safe(dir.resolve("a")), "new"))
        .isInstanceOf(GuaranteeUnavailableException.class);
    assertThat(dir.resolve("a")).hasContent("A");
    Map<String, ?> lenient = Map.of("strictness", Strictness.BEST_EFFORT);
    try (FileSystem fs = FileSystems.newFileSystem(URI.create("safe://" + dir), lenient)) {
      Files.writeString(fs.getPath("/a"), "new");
    }
    assertThat(dir.resolve("a")).hasContent("new");
  }

  @Test
  @Tag("M2")
  void whatIsThereIsReplacedAndDeleted() throws IOException {
    Files.move(safe(dir.resolve("a")), safe(dir.resolve("b")), StandardCopyOption.REPLACE_EXISTING);
    assertThat(dir.resolve("b")).hasContent("A");
    Files.delete(safe(dir.resolve("b")));
    SafeFiles.deleteTree(safe(dir.resolve("tree")));
    assertThat(names(dir)).isEmpty();
  }

  /** No name can be made for it out of the way of others, not even within its directory. */
  @Test
  @Tag("D1")
  @Tag("M3")
  void nothingIsTakenAwayUnseen() throws IOException {
    try (PinnedFile pinned = SafeFiles.pin(safe(dir.resolve("a")))) {
      assertThatThrownBy(pinned::delete).isInstanceOf(FileSystemException.class);
    }
    assertThatThrownBy(
            () -> Files.move(safe(dir.resolve("a")), safe(other.root().resolve("moved"))))
        .isInstanceOf(FileSystemException.class);
    assertThat(names(other.root())).isEmpty();
    assertThat(names(dir)).containsExactly("a", "b", "tree");
  }
}
