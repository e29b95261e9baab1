package dev.safefs.op;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Transfers into a pending file: as much as the JDK's channel transfers, or a failure. */
@Tag("W2")
class TransferTest extends InScene {
  private static final int LENGTH = 300_000;

  @BeforeEach
  void begin() throws IOException {
    scene.file("file", "old");
  }

  @AfterEach
  void noStrayNameIsLeft() throws IOException {
    scene.close();
    assertThat(scene.names()).isSubsetOf("file", "source");
  }

  private FileChannel open(String name, OpenOption... options) throws IOException {
    return Opener.open(
        scene.place(name), OpenRequest.parse(Set.of(options), SafeConfig.confined()));
  }

  private static byte at(long position) {
    return (byte) (position * 31 >> 3);
  }

  private static byte[] content() {
    byte[] content = new byte[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      content[i] = at(i);
    }
    return content;
  }

  /** Has some bytes, a few at a time, and then none, or breaks as a connection does. */
  private static final class Stream implements ReadableByteChannel {
    private static final int AT_ONCE = 1000;

    private final End end;
    private long done;

    private enum End {
      EOF,
      RESET
    }

    Stream(End end) {
      this.end = end;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      if (done == LENGTH) {
        if (end == End.RESET) {
          throw new IOException("Connection reset");
        }
        return -1;
      }
      int read = (int) Math.min(Math.min(AT_ONCE, target.remaining()), LENGTH - done);
      for (int i = 0; i < read; i++) {
        target.put(at(done++));
      }
      return read;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /** The JDK's channel returns how much it did. */
  @Test
  void aSourceThatBreaksInTheMiddlePublishesNothing() throws IOException {
    FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING);
    assertThatThrownBy(() -> channel.transferFrom(new Stream(Stream.End.RESET), 0, Long.MAX_VALUE))
        .hasMessage("Connection reset");
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasRootCauseMessage("Connection reset");
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  void aStreamIsTransferredToItsEnd() throws IOException {
    try (FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING)) {
      assertThat(channel.transferFrom(new Stream(Stream.End.EOF), 0, Long.MAX_VALUE))
          .isEqualTo(LENGTH);
      assertThat(channel.position()).isZero();
    }
    assertThat(scene.path("file")).hasBinaryContent(content());
  }

  @Test
  void noMoreIsTransferredThanWasAskedFor() throws IOException {
    Stream stream = new Stream(Stream.End.RESET);
    try (FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING)) {
      assertThat(channel.transferFrom(stream, 0, 0)).isZero();
      assertThat(channel.transferFrom(stream, 0, 7)).isEqualTo(7);
      assertThat(channel.transferFrom(stream, 7, LENGTH - 7)).isEqualTo(LENGTH - 7);
      assertThat(channel.size()).isEqualTo(LENGTH);
    }
    assertThat(scene.path("file")).hasBinaryContent(content());
  }

  @Test
  void filesAreTransferredFromTheirPositionAndToAnyOther() throws IOException {
    Files.write(scene.path("source"), content());
    try (FileChannel source = FileChannel.open(scene.path("source"), READ);
        FileChannel channel = open("file", READ, WRITE, TRUNCATE_EXISTING)) {
      source.position(10);
      assertThat(channel.transferFrom(source, 0, 20)).isEqualTo(20);
      assertThat(source.position()).isEqualTo(30);
      assertThat(channel.transferFrom(source, 20, Long.MAX_VALUE)).isEqualTo(LENGTH - 30);
      assertThat(source.position()).isEqualTo(LENGTH);
      try (FileChannel other = open("source", READ, WRITE, TRUNCATE_EXISTING)) {
        assertThat(channel.transferTo(0, Long.MAX_VALUE, other)).isEqualTo(LENGTH - 10);
        assertThat(other.position()).isEqualTo(LENGTH - 10);
        assertThat(other.transferFrom(channel.position(LENGTH - 20), 1, 5)).isEqualTo(5);
      }
    }
    byte[] all = content();
    byte[] expected = Arrays.copyOfRange(all, 10, LENGTH);
    assertThat(scene.path("file")).hasBinaryContent(expected);
    System.arraycopy(all, LENGTH - 10, expected, 1, 5);
    assertThat(scene.path("source")).hasBinaryContent(expected);
  }

  /** Java 21 and later write there; before, nothing was transferred. */
  @Test
  void beyondTheEndIsTransferredWhatTheJdkTransfers() throws IOException {
    Files.write(scene.path("source"), content());
    for (int length : new int[] {1, LENGTH}) {
      long expected;
      try (FileChannel jdk = FileChannel.open(scene.path("source"), READ, WRITE)) {
        expected = jdk.transferFrom(new Stream(Stream.End.EOF), LENGTH + 10, length);
        jdk.truncate(LENGTH);
      }
      assertThat(expected).isEqualTo(Runtime.version().feature() >= 21 ? length : 0);
      try (FileChannel source = FileChannel.open(scene.path("source"), READ);
          FileChannel channel = open("file", READ, WRITE, TRUNCATE_EXISTING)) {
        Stream stream = new Stream(Stream.End.EOF);
        assertThat(channel.transferFrom(stream, 10, length)).isEqualTo(expected);
        assertThat(channel.size()).isEqualTo(expected == 0 ? 0 : 10 + expected);
        assertThat(stream.done).isEqualTo(expected);
        channel.truncate(0);
        assertThat(channel.transferFrom(source, 10, length)).isEqualTo(expected);
        assertThat(source.position()).isEqualTo(expected);
        assertThat(channel.transferFrom(new Stream(Stream.End.EOF), 2L * LENGTH, 0)).isZero();
        assertThat(channel.size()).isEqualTo(expected == 0 ? 0 : 10 + expected);
      }
    }
  }

  /** What is appended is not transferred once more. */
  @Test
  void aFileIsTransferredToItsOwnEndOnce() throws IOException {
    try (FileChannel channel = open("file", READ, WRITE, TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap(content()));
      channel.position(LENGTH - 100);
      assertThat(channel.transferFrom(channel, LENGTH, LENGTH)).isEqualTo(100);
      assertThat(channel.position()).isEqualTo(LENGTH);
      channel.force(true);
      try (FileChannel same = FileChannel.open(scene.path("file"), READ)) {
        assertThat(channel.transferFrom(same, LENGTH + 100, 4L * LENGTH)).isEqualTo(LENGTH + 100);
      }
      assertThat(channel.size()).isEqualTo(2L * (LENGTH + 100));
    }
  }

  @Test
  void anInterruptIsToldAsTheJdkTellsIt() throws IOException {
    Files.write(scene.path("source"), content());
    FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING);
    try (FileChannel source = FileChannel.open(scene.path("source"), READ)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> channel.transferFrom(source, 0, LENGTH))
          .isInstanceOf(ClosedByInterruptException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThatThrownBy(channel::close).isInstanceOf(FileSystemException.class);
    assertThat(scene.content("file")).isEqualTo("old");
  }
}
