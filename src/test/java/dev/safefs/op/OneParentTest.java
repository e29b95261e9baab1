package dev.safefs.op;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A sandbox of Landlock in which no name gets another parent, no directory is made, or directories
 * only are removed. What goes without a private directory then does; nothing is lost.
 */
@Tag("K4")
class OneParentTest {
  @TempDir Path dir;
  private Scene scene;

  private void open(Syscalls sys) throws IOException {
    scene = Scene.confined(dir, sys, SafeConfig.confined());
    scene.file("file", "content");
    scene.directory("directory");
    scene.link("link", "file");
    Files.writeString(scene.directory("there").resolve("file"), "old");
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @Test
  @Tag("M3")
  void aFileIsMovedToAnotherParent() throws IOException {
    open(PoorMount.withoutOtherParents(Scene.kernel()));
    scene.move("file", "there/new");
    assertThat(scene.content("there/new")).isEqualTo("content");
    assertThat(scene.names()).containsExactly("directory", "link", "there");
    assertThat(scene.names("there")).containsExactly("file", "new");
  }

  @Test
  @Tag("M2")
  @Tag("M3")
  void aFileIsMovedOverAnotherOfAnotherParent() throws IOException {
    open(PoorMount.withoutOtherParents(Scene.kernel()));
    scene.move("file", "there/file", REPLACE_EXISTING);
    assertThat(scene.content("there/file")).isEqualTo("content");
    assertThat(scene.names()).containsExactly("directory", "link", "there");
    assertThat(scene.names("there")).containsExactly("file");
  }

  /** A directory was reported as moved and gone. */
  @Test
  @Tag("M3")
  void whatIsMadeByOneCallIsMovedOrKept() throws IOException {
    open(PoorMount.withoutOtherParents(Scene.kernel()));
    for (String name : new String[] {"directory", "link"}) {
      assertThatThrownBy(() -> scene.move(name, "there/new"))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageContaining("CROSS_DEVICE");
    }
    assertThat(scene.names()).containsExactly("directory", "file", "link", "there");
    assertThat(scene.names("there")).containsExactly("file");
  }

  /**
   * As of a directory of a lower layer of overlayfs without {@code redirect_dir}, which cannot be
   * renamed. The file was reported as moved and gone.
   */
  @Test
  @Tag("M2")
  @Tag("M3")
  void aFileIsMovedOverADirectoryOrKept() throws IOException {
    open(PoorMount.withoutOtherParents(Scene.kernel()));
    Files.createDirectory(scene.path("there/empty"));
    assertThatThrownBy(() -> scene.move("file", "there/empty", REPLACE_EXISTING))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessageContaining("CROSS_DEVICE");
    assertThat(scene.content("file")).isEqualTo("content");
    assertThat(scene.names("there")).containsExactly("empty", "file");
    assertThat(scene.names("there/empty")).isEmpty();
  }

  /** A copy was reported as made, and was not. */
  @Test
  @Tag("C2")
  void whatIsMadeByOneCallIsCopiedOrRefused() throws IOException {
    open(PoorMount.withoutOtherParents(Scene.kernel()));
    assertThatThrownBy(() -> scene.copy("directory", "file", REPLACE_EXISTING))
        .isExactlyInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> scene.copy("directory", "new", COPY_ATTRIBUTES))
        .isExactlyInstanceOf(FileSystemException.class);
    assertThat(scene.content("file")).isEqualTo("content");
    assertThat(scene.names()).containsExactly("directory", "file", "link", "there");
  }

  private void deletedOnClose() throws IOException {
    Opener.open(
            scene.place("file"),
            OpenRequest.parse(Set.of(READ, DELETE_ON_CLOSE), SafeConfig.confined()))
        .close();
    assertThat(scene.names()).containsExactly("directory", "link", "there");
  }

  @Test
  @Tag("D1")
  void aFileIsDeletedOnCloseWithoutAnotherParent() throws IOException {
    open(PoorMount.withoutOtherParents(Scene.kernel()));
    deletedOnClose();
  }

  @Test
  @Tag("D1")
  void aFileIsDeletedOnCloseWhereNoDirectoryIsMade() throws IOException {
    open(new DenyingSyscalls(Scene.kernel()).deny(Errno.EACCES, "mkdirat").syscalls());
    deletedOnClose();
  }

  @Test
  @Tag("D3")
  void aDirectoryIsDeletedWhereNoFileIs() throws IOException {
    open(PoorMount.withoutRemovalOfFiles(Scene.kernel()));
    Deleter.delete(scene.place("directory"));
    assertThatThrownBy(() -> Deleter.delete(scene.place("there")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> Deleter.delete(scene.place("file")))
        .isInstanceOf(AccessDeniedException.class);
    assertThat(scene.names()).containsExactly("file", "link", "there");
  }
}
