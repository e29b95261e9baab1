package dev.safefs;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that a channel is on, held open itself. */
@Tag("H1")
@Tag("H2")
class PinnedChannelTest {
  @TempDir Path machine;
  private FileSystem confined;

  @BeforeEach
  void open() throws IOException {
    confined = FileSystems.newFileSystem(root(), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    confined.close();
  }

  private URI root() throws IOException {
    return URI.create("safe://" + machine.toRealPath());
  }

  private FileChannel open(String name, OpenOption... options) throws IOException {
    return FileChannel.open(confined.getPath("/" + name), Set.of(options));
  }

  private void swapNames() throws IOException {
    Files.move(machine.resolve("a"), machine.resolve("moved"));
    Files.writeString(machine.resolve("a"), "OTHER");
  }

  @Test
  void theFileOfAChannelIsDeletedUnderItsNewNameAndNoOther() throws IOException {
    try (FileChannel created = open("a", CREATE_NEW, WRITE)) {
      swapNames();
      try (PinnedFile file = SafeFiles.pin(created)) {
        assertThat(file.currentPath()).isEqualTo(confined.getPath("/moved"));
        file.delete();
      }
    }
    assertThat(machine.toFile().list()).containsExactly("a");
    assertThat(machine.resolve("a")).hasContent("OTHER");
  }

  @Test
  void channelsThatReadAndAppendHaveAFile() throws IOException {
    Files.writeString(machine.resolve("a"), "A");
    Files.createSymbolicLink(machine.resolve("link"), Path.of("a"));
    try (FileChannel read = open("link", READ);
        FileChannel append = open("a", APPEND, CREATE)) {
      swapNames();
      try (PinnedFile first = SafeFiles.pin(append)) {
        assertThat(first.isAt(confined.getPath("/moved"))).isTrue();
        first.linkTo(confined.getPath("/linked"));
      }
      try (PinnedFile second = SafeFiles.pin(read)) {
        assertThat(second.isAt(confined.getPath("/linked"))).isTrue();
      }
    }
    assertThat(machine.resolve("linked")).hasContent("A");
  }

  @Test
  void aFileThatHasLeftItsDirectoryIsTold() throws IOException {
    Files.createDirectory(machine.resolve("sub"));
    try (FileChannel created = open("a", CREATE_NEW, WRITE);
        FileChannel nameless = open("b", CREATE_NEW, WRITE, DELETE_ON_CLOSE)) {
      Files.move(machine.resolve("a"), machine.resolve("sub/a"));
      assertThatThrownBy(() -> SafeFiles.pin(created)).isInstanceOf(SourceChangedException.class);
      assertThatThrownBy(() -> SafeFiles.pin(nameless)).isInstanceOf(SourceChangedException.class);
    }
  }

  @Test
  @Tag("W3")
  void aFileThatIsToBePublishedIsPinnedOnceItIs() throws IOException {
    Files.writeString(machine.resolve("a"), "OLD");
    try (FileChannel pending = open("a", WRITE, TRUNCATE_EXISTING)) {
      pending.write(ByteBuffer.wrap(new byte[] {'N'}));
      assertThatThrownBy(() -> SafeFiles.pin(pending)).isInstanceOf(IllegalStateException.class);
      assertThat(machine.resolve("a")).hasContent("OLD");
      pending.force(true);
      try (PinnedFile file = SafeFiles.pin(pending)) {
        assertThat(file.isAt(confined.getPath("/a"))).isTrue();
      }
      pending.write(ByteBuffer.wrap(new byte[] {'2'}));
    }
    assertThat(machine.resolve("a")).hasContent("N2");
  }

  @Test
  void aChannelOfAnotherProviderIsRefused() throws IOException {
    Files.writeString(machine.resolve("a"), "A");
    try (FileChannel jdk = FileChannel.open(machine.resolve("a"), READ);
        FileChannel ambient = FileChannel.open(Path.of(URI.create(root() + "/a")), READ)) {
      for (FileChannel foreign : new FileChannel[] {jdk, ambient}) {
        assertThatThrownBy(() -> SafeFiles.pin(foreign))
            .isInstanceOf(ProviderMismatchException.class);
      }
    }
    FileChannel closed = open("a", READ);
    closed.close();
    assertThatThrownBy(() -> SafeFiles.pin(closed)).isInstanceOf(ClosedChannelException.class);
  }
}
