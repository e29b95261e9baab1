package dev.safefs.op;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel of which one kind of call fails, as on a device that is going. */
final class BrokenChannel extends FileChannel {
  private final FileChannel delegate;
  private final Call broken;
  private final Failure failure;

  /** A kind of call. */
  enum Call {
    READ,
    WRITE,
    GATHER,
    WRITE_AT,
    TRUNCATE,
    TRANSFER_FROM,
    MAP,
    CLOSE
  }

  /** One that fails as a device does. */
  BrokenChannel(FileChannel delegate, Call broken) {
    this(
        delegate,
        broken,
        () -> {
          throw new IOException(broken + " is broken");
        });
  }

  BrokenChannel(FileChannel delegate, Call broken, Failure failure) {
    this.delegate = delegate;
    this.broken = broken;
    this.failure = failure;
  }

  /** What a call fails with. */
  @FunctionalInterface
  interface Failure {
    /** Throws it. */
    void raise() throws IOException;
  }

  private void pass(Call call) throws IOException {
    if (call == broken) {
      failure.raise();
    }
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    pass(Call.READ);
    return delegate.read(dst);
  }

  @Override
  public long read(ByteBuffer[] dsts, int offset, int length) throws IOException {
    pass(Call.READ);
    return delegate.read(dsts, offset, length);
  }

  @Override
  public int read(ByteBuffer dst, long position) throws IOException {
    pass(Call.READ);
    return delegate.read(dst, position);
  }

  @Override
  public int write(ByteBuffer src) throws IOException {
    pass(Call.WRITE);
    return delegate.write(src);
  }

  @Override
  public long write(ByteBuffer[] srcs, int offset, int length) throws IOException {
    pass(Call.GATHER);
    return delegate.write(srcs, offset, length);
  }

  @Override
  public int write(ByteBuffer src, long position) throws IOException {
    pass(Call.WRITE_AT);
    return delegate.write(src, position);
  }

  @Override
  public long position() throws IOException {
    return delegate.position();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    return delegate.position(newPosition);
  }

  @Override
  public long size() throws IOException {
    return delegate.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    pass(Call.TRUNCATE);
    return delegate.truncate(size);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    delegate.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    return delegate.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel src, long position, long count) throws IOException {
    pass(Call.TRANSFER_FROM);
    return delegate.transferFrom(src, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    pass(Call.MAP);
    return delegate.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    return delegate.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return delegate.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    delegate.close();
    pass(Call.CLOSE);
  }
}
