package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guarded directories of an ambient file system. */
@Tag("R8")
class GuardsTest {
  @TempDir Path dir;
  private SafeFileSystem fileSystem;
  private Path guarded;

  @BeforeEach
  void guard() throws IOException {
    guarded = Files.createDirectory(dir.resolve("uploads"));
    Files.writeString(dir.resolve("secret"), "secret");
    Delegate delegate =
        Delegate.of(FileSystems.getDefault().provider(), EngineSelector.forThisMachine());
    SafeConfig config = SafeConfig.ambient().with("guard", guarded.toString());
    fileSystem =
        new SafeFileSystem(
            new SafeFileSystemProvider(() -> delegate),
            delegate,
            new AmbientNamespace(delegate, config));
  }

  @Test
  void aPathThatLeavesAGuardedDirectoryIsAnEscape() throws IOException {
    Files.createSymbolicLink(guarded.resolve("link"), dir.resolve("secret"));

    assertThatThrownBy(() -> Files.readString(path("../secret")))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.readString(path("link")))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.writeString(path("a/../../x"), ""))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> Files.readString(fileSystem.getPath(dir + "/./uploads/../secret")))
        .isInstanceOf(PathEscapeException.class);
  }

  @Test
  void aPathBeneathIsServedAndKeepsItsMeaning() throws IOException {
    Files.createDirectories(path("a/b"));
    Files.writeString(path("a/b/c"), "content");

    assertThat(guarded.resolve("a/b/c")).hasContent("content");
    assertThat(path("a/b/../b/c").toRealPath())
        .hasToString(guarded.toRealPath().resolve("a/b/c").toString());
    assertThat(Files.getFileStore(path("a")).getTotalSpace()).isPositive();
    assertThatThrownBy(() -> Files.createDirectory(path("")))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  void otherPathsAreAsEver() throws IOException {
    assertThat(Files.readString(fileSystem.getPath(dir + "/secret"))).isEqualTo("secret");
    assertThat(Files.exists(fileSystem.getPath(dir + "/uploads-not/x"))).isFalse();
  }

  @Test
  void aDirectoryMadeAnewIsGuardedAnew() throws IOException {
    Files.writeString(path("x"), "old");
    Files.delete(guarded.resolve("x"));
    Files.delete(guarded);
    assertThatThrownBy(() -> Files.writeString(path("x"), ""))
        .isInstanceOf(NoSuchFileException.class);

    Files.createDirectory(guarded);
    Files.writeString(path("x"), "new");

    assertThat(guarded.resolve("x")).hasContent("new");
  }

  private Path path(String beneath) {
    return fileSystem.getPath(guarded.toString(), beneath);
  }
}
