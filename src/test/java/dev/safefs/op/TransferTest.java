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
      assertThat(channel.transferFrom(new Stream(Stream.End.EOF), LENGTH + 1, 1)).isZero();
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
}
