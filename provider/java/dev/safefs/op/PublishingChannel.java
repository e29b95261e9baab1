package dev.safefs.op;

import dev.safefs.handle.Stat;
import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A channel on a pending file that publishes it when closed. Promises W1 to W3. All work is done by
 * the delegate's channel.
 *
 * <p>A failure poisons it: then closing it throws once, and publishes nothing. {@link #force}
 * publishes at once, and the channel goes on in place. Collected without having been closed it
 * publishes nothing and frees what it holds.
 */
class PublishingChannel extends FileChannel implements Abandonable {
  private final PendingWrite write;
  private final FileChannel delegate;
  private final Cleaner.Cleanable cleanable;
  private volatile boolean over;

  PublishingChannel(PendingWrite write, FileChannel delegate) {
    this.write = write;
    this.delegate = delegate;
    this.cleanable = Abandonment.watch(this, write.succession(), write.at()::close, delegate);
  }

  /** Returns the channel that does the work. */
  final FileChannel delegate() {
    return delegate;
  }

  /** Runs a call that maps the content. */
  final <T> T mapping(Runnable arguments, Lifecycle.Call<T> call) throws IOException {
    return write.lifecycle().mapping(arguments, call);
  }

  private <T> T reading(Lifecycle.Call<T> call) throws IOException {
    return write.lifecycle().reading(delegate, call);
  }

  /** Runs a call that writes, and publishes after it if each write is to be durable. */
  private <T> T forcing(Runnable arguments, Lifecycle.Call<T> call) throws IOException {
    return write
        .lifecycle()
        .writing(
            arguments,
            () -> {
              T result = call.run();
              write.written();
              return result;
            });
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    return reading(() -> delegate.read(dst));
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    return reading(() -> delegate.read(dsts, offset, length));
  }

  @Override
  public int read(ByteBuffer dst, long position) throws IOException {
    return reading(() -> delegate.read(dst, position));
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    return forcing(
        () -> ChannelArguments.buffer(src), () -> (int) whole(src, written -> delegate.write(src)));
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    return forcing(
        () -> ChannelArguments.buffers(srcs, offset, length),
        () -> whole(srcs, offset, length, written -> delegate.write(srcs, offset, length)));
  }

  @Override
  public int write(ByteBuffer src, long position) throws IOException {
    return forcing(
        () -> ChannelArguments.at(src, position),
        () -> (int) whole(src, written -> delegate.write(src, position + written)));
  }

  /** Writes as much as the kernel takes at once. */
  @FunctionalInterface
  interface Part {
    /** Writes it, after what was written of the same before. */
    long write(long written) throws IOException;
  }

  /** Writes all of a buffer, or fails. */
  static long whole(ByteBuffer src, Part part) throws IOException {
    ByteBuffer[] all = {src};
    return whole(all, 0, all.length, part);
  }

  /**
   * Writes all of it, or fails. Of a disk that gets full the kernel takes a part, write(2), and
   * fails when it is given the rest. A caller that does not look at what is returned never gives it
   * the rest, and would publish the part. Promise W2.
   */
  private static long whole(ByteBuffer[] srcs, int offset, int length, Part part)
      throws IOException {
    long written = 0;
    do {
      long taken = part.write(written);
      if (taken <= 0 && isLeft(srcs, offset, length)) {
        throw new IOException("nothing more is written");
      }
      written += taken;
    } while (isLeft(srcs, offset, length));
    return written;
  }

  private static boolean isLeft(ByteBuffer[] srcs, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (srcs[i].hasRemaining()) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long position() throws IOException {
    return reading(delegate::position);
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    reading(() -> delegate.position(newPosition));
    return this;
  }

  @Override
  public long size() throws IOException {
    return reading(delegate::size);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    forcing(() -> ChannelArguments.notNegative(size), () -> delegate.truncate(size));
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    write.force(() -> delegate.force(metaData));
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    if (target instanceof PublishingChannel other && other != this) {
      return reading(
          () ->
              other.forcing(
                  () -> ChannelArguments.part(position, count),
                  () -> Transfer.to(other.delegate, position, count, delegate)));
    }
    return reading(() -> delegate.transferTo(position, count, target));
  }

  @Override
  public long transferFrom(ReadableByteChannel src, long position, long count) throws IOException {
    Objects.requireNonNull(src);
    try {
      return forcing(
          () -> ChannelArguments.part(position, count),
          () ->
              src instanceof PublishingChannel other
                  ? other.reading(() -> Transfer.into(delegate, position, count, other.delegate))
                  : Transfer.into(delegate, position, count, src));
    } catch (NonReadableChannelException e) {
      if (!(src instanceof FileChannel)) {
        // It may be one of several that the source consists of.
        write.lifecycle().poison(e);
      }
      throw e;
    }
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    return mapping(
        () -> ChannelArguments.mapped(mode, position, size, Integer.MAX_VALUE),
        () -> delegate.map(mode, position, size));
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return new ForwardingLock(this, reading(() -> delegate.lock(position, size, shared)));
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    FileLock lock = reading(() -> delegate.tryLock(position, size, shared));
    return lock == null ? null : new ForwardingLock(this, lock);
  }

  /**
   * Returns which file it is on, once that is published.
   *
   * @throws IllegalStateException before
   */
  Stat published() throws IOException {
    return reading(
        () ->
            write
                .forcedAs()
                .orElseThrow(
                    () -> new IllegalStateException("not published yet; force() publishes")));
  }

  /** Stays open while it is poisoned: only the close that its user calls can tell its user. */
  @Override
  public void abandon() throws IOException {
    if (isOpen()) {
      try {
        write.abandon(delegate);
      } finally {
        forget();
      }
    }
    // What was forced is an ordinary channel by now. A close that is under way is waited for.
    close();
  }

  @Override
  protected void implCloseChannel() throws IOException {
    try {
      write.finish(delegate);
    } finally {
      forget();
      over = true;
    }
  }

  @Override
  public final boolean isOver() {
    return over;
  }

  /** Ends the watch over what is closed: it keeps this class, and so its class loader. */
  private void forget() {
    if (write.isClosed()) {
      cleanable.clean();
    }
  }
}
