package dev.safefs.op;

import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;

/** A lock of the delegate's channel that names the channel the user has. */
final class ForwardingLock extends FileLock {
  private final FileLock delegate;

  ForwardingLock(FileChannel channel, FileLock delegate) {
    super(channel, delegate.position(), delegate.size(), delegate.isShared());
    this.delegate = delegate;
  }

  ForwardingLock(AsynchronousFileChannel channel, FileLock delegate) {
    super(channel, delegate.position(), delegate.size(), delegate.isShared());
    this.delegate = delegate;
  }

  @Override
  public boolean isValid() {
    return delegate.isValid();
  }

  @Override
  public void release() throws IOException {
    delegate.release();
  }
}
