package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A file channel over a byte channel that takes some bytes at a time, and has room for some. */
@Tag("K3")
class ByteChannelFileTest {
  private static final int AT_ONCE = 3;

  private final Memory memory = new Memory();
  private ByteChannelFile file;

  @BeforeEach
  void open() throws IOException {
    file = new ByteChannelFile(memory, ByteChannelFile.Mode.POSITIONED, () -> {});
  }

  /** As much as there is room for. */
  private static final class Memory implements SeekableByteChannel {
    private byte[] content = new byte[0];
    private int position;
    private int room = Integer.MAX_VALUE;
    private boolean fails = true;

    @Override
    public int read(ByteBuffer target) {
      int read = Math.min(Math.min(AT_ONCE, target.remaining()), content.length - position);
      if (read <= 0) {
        return target.hasRemaining() ? -1 : 0;
      }
      target.put(content, position, read);
      position += read;
      return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      int written = Math.min(Math.min(AT_ONCE, source.remaining()), room - position);
      if (written <= 0) {
        if (fails) {
          throw new IOException("No space left on device");
        }
        return 0;
      }
      content = Arrays.copyOf(content, Math.max(content.length, position + written));
      source.get(content, position, written);
      position += written;
      return written;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      position = (int) newPosition;
      return this;
    }

    @Override
    public long size() {
      return content.length;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      content = Arrays.copyOf(content, (int) size);
      return this;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static ReadableByteChannel bytes(int length) {
    return Channels.newChannel(new ByteArrayInputStream(new byte[length]));
  }

  @Test
  void aTransferFromTellsHowMuchThereWasRoomForAndThenFails() throws IOException {
    memory.room = 7;
    file.position(1);
    assertThat(file.transferFrom(bytes(20), 0, 20)).isEqualTo(7);
    assertThat(file.size()).isEqualTo(7);
    assertThat(file.position()).isEqualTo(1);
    assertThatThrownBy(() -> file.transferFrom(bytes(20), 7, 20)).hasMessageContaining("No space");
  }

  @Test
  void aTransferFromEndsWhereNothingMoreIsTaken() throws IOException {
    memory.room = 7;
    memory.fails = false;
    assertThat(file.transferFrom(bytes(20), 0, 20)).isEqualTo(7);
    assertThat(file.transferFrom(bytes(20), 7, 20)).isZero();
  }

  @Test
  void aTransferToTellsHowMuchTheTargetTookAndThenFails() throws IOException {
    file.write(ByteBuffer.allocate(10));
    file.write(ByteBuffer.allocate(10), 3);
    file.write(ByteBuffer.allocate(10), 6);
    file.write(ByteBuffer.allocate(10), 9);
    assertThat(file.position()).isEqualTo(3);
    Memory target = new Memory();
    target.room = 5;
    WritableByteChannel whole =
        new ByteChannelFile(target, ByteChannelFile.Mode.POSITIONED, () -> {});
    assertThat(file.transferTo(0, 2, whole)).isEqualTo(2);
    assertThat(file.transferTo(2, 10, whole)).isEqualTo(3);
    assertThatThrownBy(() -> file.transferTo(5, 10, whole)).hasMessageContaining("No space");
    assertThat(file.position()).isEqualTo(3);
  }

  @Test
  void transfersAreBetweenOpenChannels() throws IOException {
    ReadableByteChannel source = bytes(1);
    source.close();
    assertThatThrownBy(() -> file.transferFrom(source, 0, 0))
        .isInstanceOf(ClosedChannelException.class);
    ByteChannelFile other =
        new ByteChannelFile(new Memory(), ByteChannelFile.Mode.POSITIONED, () -> {});
    other.close();
    assertThatThrownBy(() -> file.transferTo(0, 0, other))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> other.transferTo(0, 0, file))
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void whatAppendsIsAtTheEnd() throws IOException {
    memory.content = new byte[4];
    memory.position = 4;
    try (ByteChannelFile appending =
        new ByteChannelFile(memory, ByteChannelFile.Mode.APPENDING, () -> {})) {
      appending.write(ByteBuffer.allocate(2), 0);
      assertThat(appending.position()).isEqualTo(6);
      appending.truncate(1);
      assertThat(appending.position()).isEqualTo(1);
    }
  }
}
