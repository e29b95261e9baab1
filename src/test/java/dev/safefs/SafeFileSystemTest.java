package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems, opened and closed. */
class SafeFileSystemTest {
  @TempDir Path dir;
  private FileSystem confined;

  @BeforeEach
  void confine() throws IOException {
    confined = FileSystems.newFileSystem(dir, Map.of());
  }

  @Test
  void closingClosesAllThatWasGivenOut() throws IOException {
    Path file = Files.writeString(confined.getPath("/file"), "x");
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    SecureDirectoryStream<Path> stream =
        (SecureDirectoryStream<Path>) Files.newDirectoryStream(confined.getPath("/"));
    WatchService watcher = confined.newWatchService();

    confined.close();
    confined.close();

    assertThat(confined.isOpen()).isFalse();
    assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> stream.deleteFile(confined.getPath("file")))
        .isInstanceOf(ClosedDirectoryStreamException.class);
    assertThatThrownBy(watcher::poll).isInstanceOf(ClosedWatchServiceException.class);
    assertThatThrownBy(() -> Files.readString(file)).isInstanceOf(ClosedFileSystemException.class);
  }

  @Test
  @Tag("R4")
  void nothingTellsTheHostPath() throws IOException {
    Path file = Files.writeString(confined.getPath("/file"), "x");

    assertThat(confined.toString()).doesNotContain(dir.toString());
    assertThat(file.toRealPath()).hasToString("/file");
    assertThat(Files.getFileStore(file).toString()).startsWith("/ (");
    assertThat(Files.getFileStore(file).getTotalSpace()).isPositive();
    assertThatThrownBy(() -> Files.readString(confined.getPath("/none")))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage("/none");
  }

  @Test
  @Tag("T3")
  void temporaryFilesArePrivateAndOthersAreNot() throws IOException {
    Path root = confined.getPath("/");

    assertThat(permissions(Files.createTempFile(root, "a", null))).isEqualTo("rw-------");
    assertThat(permissions(Files.createTempDirectory(root, "a"))).isEqualTo("rwx------");
    assertThat(permissions(Files.createFile(root.resolve("plain"))))
        .isEqualTo(permissions(Files.createFile(dir.resolve("twin"))));
    assertThat(permissions(Files.createDirectory(root.resolve("dir"))))
        .isEqualTo(permissions(Files.createDirectory(dir.resolve("twindir"))));
  }

  @Test
  void aFileSystemWithinAConfinedOneIsConfinedToo() throws IOException {
    Files.createDirectory(confined.getPath("/sub"));
    Files.writeString(confined.getPath("/secret"), "secret");
    Files.createSymbolicLink(confined.getPath("/sub/link"), confined.getPath("../secret"));

    try (FileSystem nested = FileSystems.newFileSystem(confined.getPath("/sub"), Map.of())) {
      assertThatThrownBy(() -> Files.readString(nested.getPath("/link")))
          .isInstanceOf(PathEscapeException.class);
      Files.writeString(nested.getPath("/x"), "x");
    }
    assertThat(dir.resolve("sub/x")).hasContent("x");
    assertThatThrownBy(
            () -> FileSystems.newFileSystem(confined.getPath("/sub"), Map.of("links", "IN_ROOT")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("links");
  }

  @Test
  @Tag("K5")
  void aGuardIsNoSettingOfAConfinedFileSystem() {
    assertThatThrownBy(() -> FileSystems.newFileSystem(dir, Map.of("guard", "/srv")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("guard");
  }

  @Test
  @Tag("G1")
  void guaranteesTellEachPromise() throws IOException {
    SafeFileSystem fileSystem = (SafeFileSystem) confined;

    Guarantees guarantees = fileSystem.guarantees(confined.getPath("/"));

    assertThat(guarantees.of("R1").orElseThrow().state()).isEqualTo(Guarantees.State.KEPT);
    assertThat(guarantees.of("M2").orElseThrow().state()).isEqualTo(Guarantees.State.KEPT);
    assertThat(guarantees.toString().lines()).hasSameSizeAs(guarantees.all());
  }

  @Test
  @Tag("H3")
  @Tag("G1")
  void whatIsOnlyDetectedIsNotCalledKept() throws IOException {
    Guarantees guarantees = ((SafeFileSystem) confined).guarantees(confined.getPath("/"));
    assertThat(guarantees.of("H1").orElseThrow().state()).isEqualTo(Guarantees.State.KEPT);
    assertThat(guarantees.of("D2").orElseThrow().state()).isEqualTo(Guarantees.State.KEPT);
    for (String optimistic : List.of("H2", "D1", "L2")) {
      assertThat(guarantees.of(optimistic).orElseThrow().state())
          .as(optimistic)
          .isEqualTo(Guarantees.State.DETECTED);
    }
  }

  @Test
  @Tag("W2")
  void aPendingInterruptDoesNotHinderAStream() throws IOException {
    Path file = confined.getPath("/file");
    Thread.currentThread().interrupt();

    Files.writeString(file, "content");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(dir.resolve("file")).hasContent("content");
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
