package dev.safefs.op;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.request.MoveRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A read-only mount, as of a container: what has nothing to do ends as it does elsewhere. The
 * kernel answers EROFS whatever the names.
 */
@Tag("K5")
class ReadOnlyMountTest {
  @TempDir Path dir;
  private Scene scene;

  @BeforeEach
  void open() throws IOException {
    DenyingSyscalls readOnly =
        new DenyingSyscalls(Scene.kernel())
            .deny(Errno.EROFS, "unlinkat", "renameat", "renameat2", "linkat", "mkdirat");
    scene = Scene.confined(dir, readOnly.syscalls(), SafeConfig.confined());
    Files.writeString(dir.resolve("file"), "content");
    Files.createLink(dir.resolve("link"), dir.resolve("file"));
    Files.writeString(dir.resolve("other"), "other");
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  private void move(String source, String target, CopyOption... options) throws IOException {
    Mover.move(scene.place(source), scene.place(target), MoveRequest.parse(options));
  }

  private static void assertRefused(Throwable failure) {
    assertThat(failure)
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessageContaining("EROFS");
  }

  @Test
  void whatIsAbsentIsNotDeleted() throws IOException {
    assertThat(Deleter.deleteIfExists(scene.place("absent"))).isFalse();
    assertThatThrownBy(() -> Deleter.delete(scene.place("absent")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Deleter.deleteIfExists(scene.place("file")))
        .satisfies(ReadOnlyMountTest::assertRefused);
  }

  @Test
  void whatIsAbsentIsNotMoved() {
    assertThatThrownBy(() -> move("absent", "free")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> move("absent", "file", REPLACE_EXISTING))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @Tag("M1")
  @Tag("M4")
  void nothingIsMovedOverAnotherAndAFileIsOntoItself() throws IOException {
    assertThatThrownBy(() -> move("file", "other")).isInstanceOf(FileAlreadyExistsException.class);
    move("file", "file");
    move("file", "link", REPLACE_EXISTING);
    assertThatThrownBy(() -> move("file", "free")).satisfies(ReadOnlyMountTest::assertRefused);
    assertThatThrownBy(() -> move("file", "other", REPLACE_EXISTING))
        .satisfies(ReadOnlyMountTest::assertRefused);
  }
}
