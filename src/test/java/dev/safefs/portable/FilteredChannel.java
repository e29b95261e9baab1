package dev.safefs.portable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/** A channel with a look at each call before another one makes it. */
final class FilteredChannel extends FileChannel {
  private final FileChannel inner;
  private final FilteringProvider.Filter filter;
  private final Runnable closed;

  /** Takes over a channel, and tells when it is closed. */
  FilteredChannel(FileChannel inner, FilteringProvider.Filter filter, Runnable closed) {
    this.inner = inner;
    this.filter = filter;
    this.closed = closed;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    filter.before("channel.read");
    return inner.read(target);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    filter.before("channel.read");
    return inner.read(targets, offset, length);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    filter.before("channel.read");
    return inner.read(target, position);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    filter.before("channel.write");
    return inner.write(source);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    filter.before("channel.write");
    return inner.write(sources, offset, length);
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    filter.before("channel.write");
    return filter.takes() ? inner.write(source, position) : 0;
  }

  @Override
  public long position() throws IOException {
    return inner.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    inner.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    filter.before("channel.size");
    return inner.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    filter.before("channel.truncate");
    inner.truncate(size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    filter.before("channel.force");
    inner.force(metaData);
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    filter.before("channel.transferTo");
    return inner.transferTo(position, count, target);
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count)
      throws IOException {
    filter.before("channel.transferFrom");
    return inner.transferFrom(source, position, count);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
    filter.before("channel.map");
    return inner.map(mode, position, size);
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    filter.before("channel.lock");
    return inner.lock(position, size, shared);
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    filter.before("channel.tryLock");
    return inner.tryLock(position, size, shared);
  }

  /** Closes, and then fails if it is to fail: what cannot be closed is closed all the same. */
  @Override
  protected void implCloseChannel() throws IOException {
    closed.run();
    inner.close();
    filter.before("channel.close");
  }
}
