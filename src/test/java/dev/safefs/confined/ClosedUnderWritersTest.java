package dev.safefs.confined;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A file system is closed under programs that are writing: each is told by its own writer. */
@Tag("W2")
class ClosedUnderWritersTest {
  private static final byte[] NEW = "new".getBytes(StandardCharsets.UTF_8);

  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;

  /** What a program writes with; opened, it has written. */
  private enum Means {
    FILE_CHANNEL {
      @Override
      Closeable open(Path file) throws IOException {
        return written(FileChannel.open(file, WRITE, CREATE, TRUNCATE_EXISTING));
      }
    },
    BYTE_CHANNEL {
      @Override
      Closeable open(Path file) throws IOException {
        return written(Files.newByteChannel(file, WRITE, CREATE, TRUNCATE_EXISTING));
      }
    },
    OUTPUT_STREAM {
      @Override
      Closeable open(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        out.write(NEW);
        return out;
      }
    },
    BUFFERED_WRITER {
      @Override
      Closeable open(Path file) throws IOException {
        Writer out = Files.newBufferedWriter(file);
        out.write("new");
        out.flush();
        return out;
      }
    },
    ASYNCHRONOUS_CHANNEL {
      @Override
      Closeable open(Path file) throws IOException {
        AsynchronousFileChannel channel =
            AsynchronousFileChannel.open(file, WRITE, CREATE, TRUNCATE_EXISTING);
        try {
          channel.write(ByteBuffer.wrap(NEW), 0).get();
        } catch (InterruptedException | ExecutionException e) {
          throw new IOException(e);
        }
        return channel;
      }
    },
    CHANNEL_OF_A_DIRECTORY_STREAM {
      @Override
      Closeable open(Path file) throws IOException {
        try (SecureDirectoryStream<Path> stream =
            (SecureDirectoryStream<Path>) Files.newDirectoryStream(file.getParent())) {
          return written(
              stream.newByteChannel(file.getFileName(), Set.of(WRITE, CREATE, TRUNCATE_EXISTING)));
        }
      }
    };

    abstract Closeable open(Path file) throws IOException;

    private static Closeable written(SeekableByteChannel channel) throws IOException {
      channel.write(ByteBuffer.wrap(NEW));
      return channel;
    }
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    ground.directory("in");
    safe = ground.open(Map.of());
  }

  @ParameterizedTest
  @EnumSource
  void theWritersOwnCloseThrowsOnceAndNamesTheCause(Means means) throws IOException {
    Closeable replacing = means.open(safe.getPath("/in/file"));
    Closeable creating = means.open(safe.getPath("/in/fresh"));
    assertThatThrownBy(safe::close).isInstanceOf(FileSystemException.class);

    assertThatThrownBy(replacing::close)
        .isInstanceOfSatisfying(
            FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/in/file"))
        .hasCauseInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(creating::close).hasCauseInstanceOf(ClosedFileSystemException.class);
    replacing.close();
    creating.close();

    assertThat(ground.host().resolve("in/file")).hasContent("in");
    assertThat(names("in")).containsExactly("file");
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsHeldOpenUntilTheWritersOwnClose(Means means) throws IOException {
    means.open(safe.getPath("/in/warm")).close();
    long before = descriptors();
    List<Closeable> writers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      writers.add(means.open(safe.getPath("/in/fresh" + i)));
    }
    assertThatThrownBy(safe::close).isInstanceOf(FileSystemException.class);
    assertThat(descriptors()).isLessThanOrEqualTo(before);
    assertThat(names("in")).containsExactlyInAnyOrder("file", "warm");
    assertThat(writers).allSatisfy(writer -> assertThatThrownBy(writer::close).isNotNull());
  }

  @Test
  void whatElseIsOpenIsClosedAndWhoClosesTheFileSystemIsToldOfEachWriter() throws IOException {
    List<Closeable> writers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      writers.add(Files.newOutputStream(safe.getPath("/in/fresh" + i)));
    }
    FileChannel reader = FileChannel.open(safe.getPath("/in/file"));
    assertThatThrownBy(safe::close)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(writers.size() - 1));
    safe.close();
    assertThat(safe.isOpen()).isFalse();
    assertThat(reader.isOpen()).isFalse();
  }

  @Test
  void whoIsDoneIsNotTold() throws IOException {
    FileChannel published = FileChannel.open(safe.getPath("/in/file"), WRITE, TRUNCATE_EXISTING);
    published.write(ByteBuffer.wrap(NEW));
    published.close();
    FileChannel failed = FileChannel.open(safe.getPath("/in/failed"), WRITE, CREATE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> failed.write(ByteBuffer.wrap(NEW))).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    failed.close();
    safe.close();
    published.close();
    assertThat(ground.host().resolve("in/file")).hasContent("new");
  }

  @Test
  void whoWasToldIsNotToldAgain() throws IOException {
    FileChannel channel = FileChannel.open(safe.getPath("/in/file"), WRITE, TRUNCATE_EXISTING);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> channel.write(ByteBuffer.wrap(NEW))).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(channel::close).isInstanceOf(FileSystemException.class);
    safe.close();
    channel.close();
  }

  @Test
  @Tag("W3")
  void whatWasForcedIsPublishedAndClosed() throws IOException {
    FileChannel channel = FileChannel.open(safe.getPath("/in/file"), WRITE, TRUNCATE_EXISTING);
    channel.write(ByteBuffer.wrap(NEW));
    channel.force(true);
    channel.write(ByteBuffer.wrap(NEW));
    safe.close();
    assertThat(channel.isOpen()).isFalse();
    channel.close();
    assertThat(ground.host().resolve("in/file")).hasContent("newnew");
  }

  private List<String> names(String directory) throws IOException {
    try (Stream<Path> entries = Files.list(ground.host().resolve(directory))) {
      return entries.map(entry -> entry.getFileName().toString()).toList();
    }
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
