package dev.safefs.op;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/**
 * Transfers into a pending file, as a whole or with a failure. Where a source breaks or the disk
 * gets full, the JDK's channels return how much they did until then, and a caller that does not
 * look at that would publish a part. Promise W2.
 */
final class Transfer {
  private static final int BUFFER_BYTES = 1 << 16;

  private Transfer() {}

  /** Writes bytes of a source at a position, until it has no more at the moment. */
  static long into(FileChannel target, long position, long count, ReadableByteChannel source)
      throws IOException {
    return source instanceof FileChannel file && hasPosition(file)
        ? fromFile(target, position, count, file)
        : fromAny(target, position, count, source);
  }

  /** A pipe has none. */
  private static boolean hasPosition(FileChannel source) throws IOException {
    try {
      return source.position() >= 0;
    } catch (ClosedChannelException e) {
      // Or interrupted.
      throw e;
    } catch (IOException e) {
      return false;
    }
  }

  /** Again and again, as the call that does nothing but fail throws. */
  private static long fromFile(FileChannel target, long position, long count, FileChannel source)
      throws IOException {
    long most = most(count, source.size() - source.position());
    long done = 0;
    long taken;
    do {
      long from = source.position();
      taken = target.transferFrom(source, position + done, count - done);
      if (source.position() != from + taken) {
        // What was read and could not be written.
        source.position(from + taken);
      }
      done += taken;
    } while (taken > 0 && done < most);
    return done;
  }

  /**
   * Returns how much is asked for of what there is at first: a file that grows may have no end,
   * above all if it is the one that is written. One of the kernel's own tells no size.
   */
  private static long most(long count, long left) {
    return left > 0 ? Math.min(count, left) : count;
  }

  private static long fromAny(
      FileChannel target, long position, long count, ReadableByteChannel source)
      throws IOException {
    if (!source.isOpen()) {
      throw new ClosedChannelException();
    }
    if (position > target.size() && !writesBeyondEnd(target, position)) {
      return 0;
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, count));
    long done = 0;
    while (done < count) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), count - done));
      if (source.read(buffer) <= 0) {
        return done;
      }
      buffer.flip();
      long to = position + done;
      done += PublishingChannel.whole(buffer, written -> target.write(buffer, to + written));
    }
    return done;
  }

  /** It does since Java 21. Before, it does not even read, and so it is not for us to read. */
  private static boolean writesBeyondEnd(FileChannel target, long position) throws IOException {
    Probe probe = new Probe();
    target.transferFrom(probe, position, 1);
    return probe.isRead;
  }

  /** A source without bytes. */
  private static final class Probe implements ReadableByteChannel {
    private boolean isRead;

    @Override
    public int read(ByteBuffer buffer) {
      isRead = true;
      return -1;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  /**
   * Writes bytes of a file to where another channel is, until that has enough or it has no more.
   */
  static long to(FileChannel target, long position, long count, FileChannel source)
      throws IOException {
    long most = most(count, source.size() - position);
    long done = 0;
    long taken;
    do {
      taken = source.transferTo(position + done, count - done, target);
      done += taken;
    } while (taken > 0 && done < most);
    return done;
  }
}
