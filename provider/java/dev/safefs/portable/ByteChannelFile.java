package dev.safefs.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * A file channel where the delegate has byte channels only. There is no lock and no map, and what
 * is to be synced is a gap. Seeks only where the delegate's channel is not where it is to be, as
 * some can only be written from the beginning to the end. It is closed when the delegate's channel
 * is, as that may be by an interrupt. Safe for use by several threads.
 */
final class ByteChannelFile extends FileChannel {
  private static final int BUFFER_BYTES = 1 << 16;

  private final SeekableByteChannel channel;
  private final Failures.Step gap;
  private final Mode mode;
  private final Object turn = new Object();
  private long position;

  /** Where writes go. */
  enum Mode {
    /** To the position. */
    POSITIONED,
    /** To the end. */
    APPENDING
  }

  /**
   * Takes over a channel.
   *
   * @param gap taken instead of a sync
   */
  ByteChannelFile(SeekableByteChannel channel, Mode mode, Failures.Step gap) throws IOException {
    this.channel = channel;
    this.mode = mode;
    this.gap = gap;
    this.position = mode == Mode.APPENDING ? channel.size() : channel.position();
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    synchronized (turn) {
      int read = readAt(target, position);
      position += Math.max(read, 0);
      return read;
    }
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    requireOpen();
    synchronized (turn) {
      long total = 0;
      for (int i = offset; i < offset + length; i++) {
        while (targets[i].hasRemaining()) {
          int read = read(targets[i]);
          if (read <= 0) {
            return total == 0 ? read : total;
          }
          total += read;
        }
      }
      return total;
    }
  }

  @Override
  public int read(ByteBuffer target, long at) throws IOException {
    requireNotNegative(at);
    synchronized (turn) {
      return readAt(target, at);
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    synchronized (turn) {
      int written = writeAt(source, position);
      position = mode == Mode.APPENDING ? sizeNow() : position + written;
      return written;
    }
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    requireOpen();
    synchronized (turn) {
      long total = 0;
      for (int i = offset; i < offset + length; i++) {
        while (sources[i].hasRemaining()) {
          int written = write(sources[i]);
          if (written <= 0) {
            return total;
          }
          total += written;
        }
      }
      return total;
    }
  }

  @Override
  public int write(ByteBuffer source, long at) throws IOException {
    requireNotNegative(at);
    synchronized (turn) {
      return writeAt(source, at);
    }
  }

  @Override
  public long position() throws IOException {
    requireOpen();
    synchronized (turn) {
      return mode == Mode.APPENDING ? sizeNow() : position;
    }
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    requireOpen();
    requireNotNegative(newPosition);
    synchronized (turn) {
      position = newPosition;
    }
    return this;
  }

  @Override
  public long size() throws IOException {
    synchronized (turn) {
      return sizeNow();
    }
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    requireOpen();
    requireNotNegative(size);
    synchronized (turn) {
      onDelegate(() -> channel.truncate(size));
      position = Math.min(position, size);
    }
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    requireOpen();
    gap.make();
  }

  /** As the JDK's: how much was done before a failure is returned, and the next call fails. */
  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    requireOpen();
    requireOpen(target);
    requireNotNegative(from);
    requireNotNegative(count);
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, count));
    long done = 0;
    try {
      while (done < count) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
        if (read(buffer, from + done) <= 0) {
          return done;
        }
        buffer.flip();
        done += target.write(buffer);
        if (buffer.hasRemaining()) {
          return done;
        }
      }
    } catch (IOException e) {
      if (done == 0) {
        throw e;
      }
    }
    return done;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
    requireOpen();
    requireOpen(source);
    requireNotNegative(to);
    requireNotNegative(count);
    if (to > size()) {
      return 0;
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, count));
    long done = 0;
    try {
      while (done < count) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
        if (source.read(buffer) <= 0) {
          return done;
        }
        buffer.flip();
        while (buffer.hasRemaining()) {
          int written = write(buffer, to + done);
          if (written <= 0) {
            return done;
          }
          done += written;
        }
      }
    } catch (IOException e) {
      if (done == 0) {
        throw e;
      }
    }
    return done;
  }

  @Override
  public MappedByteBuffer map(MapMode mapMode, long from, long size) {
    throw new UnsupportedOperationException("the delegate's channels are not mapped");
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) {
    throw new UnsupportedOperationException("the delegate's channels are not locked");
  }

  @Override
  public FileLock tryLock(long from, long size, boolean shared) {
    return lock(from, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    channel.close();
  }

  private int readAt(ByteBuffer target, long at) throws IOException {
    return onDelegate(
        () -> {
          seek(at);
          return channel.read(target);
        });
  }

  private int writeAt(ByteBuffer source, long at) throws IOException {
    return onDelegate(
        () -> {
          if (mode == Mode.POSITIONED) {
            seek(at);
          }
          return channel.write(source);
        });
  }

  private long sizeNow() throws IOException {
    return onDelegate(channel::size);
  }

  /** Makes a call of the delegate's channel; one that finds it closed closes this. */
  private <T> T onDelegate(Failures.Call<T> call) throws IOException {
    requireOpen();
    try {
      return call.make();
    } catch (ClosedChannelException e) {
      Failures.close(this, e);
      throw e;
    }
  }

  private void seek(long at) throws IOException {
    if (channel.position() != at) {
      channel.position(at);
    }
  }

  private void requireOpen() throws ClosedChannelException {
    requireOpen(this);
  }

  private static void requireOpen(Channel channel) throws ClosedChannelException {
    if (!channel.isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private static void requireNotNegative(long number) {
    if (number < 0) {
      throw new IllegalArgumentException("negative: " + number);
    }
  }
}
