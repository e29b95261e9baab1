package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import dev.safefs.request.Reflink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.FileStore;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * The source of a copy to a file of another engine: content goes through channels, and what only
 * has a meaning where it comes from, such as numbers of owners, is left behind.
 */
final class ForeignFile implements FileHandle {
  private static final int KEEP_OWNER = -1;
  private static final int PERMISSIONS_AND_STICKY = 01777;
  private static final int STEP_BYTES = 128 * 1024;

  private final FileHandle file;

  /**
   * Wraps a file.
   *
   * @param file owned
   */
  ForeignFile(FileHandle file) {
    this.file = file;
  }

  @Override
  public Stat stat() throws IOException {
    Stat stat = file.stat();
    return new Stat(
        stat.type(),
        stat.mode() & PERMISSIONS_AND_STICKY,
        KEEP_OWNER,
        KEEP_OWNER,
        stat.sizeBytes(),
        stat.linkCount(),
        stat.device(),
        stat.accessed(),
        stat.modified(),
        stat.changed(),
        stat.identity());
  }

  @Override
  public FileHandle reopen(Access access) throws IOException {
    return new ForeignFile(file.reopen(access));
  }

  @Override
  public void copyContentTo(FileHandle target, CopyMonitor monitor) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(STEP_BYTES);
    try (FileChannel in = file.channel(Set.of(StandardOpenOption.READ));
        FileChannel out = target.channel(Set.of(StandardOpenOption.WRITE))) {
      long doneBytes = 0;
      while (in.read(buffer) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining()) {
          doneBytes += out.write(buffer);
        }
        buffer.clear();
        monitor.progressed(doneBytes, Math.max(doneBytes, in.size()));
      }
    }
  }

  @Override
  public void copyContentTo(FileHandle target, Reflink reflink, CopyMonitor monitor)
      throws IOException {
    if (reflink == Reflink.ONLY) {
      throw new GuaranteeUnavailableException(
          target.display(), null, "C3 cannot be kept: no blocks are shared between providers");
    }
    copyContentTo(target, monitor);
  }

  @Override
  public void copyExtendedAttributesTo(FileHandle target) throws IOException {
    Optional<UserDefinedFileAttributeView> from = view(UserDefinedFileAttributeView.class);
    Optional<UserDefinedFileAttributeView> to = target.view(UserDefinedFileAttributeView.class);
    if (from.isEmpty() || to.isEmpty()) {
      return;
    }
    for (String name : from.get().list()) {
      ByteBuffer value = ByteBuffer.allocate(from.get().size(name));
      from.get().read(name, value);
      to.get().write(name, value.flip());
    }
  }

  @Override
  public FileChannel channel(Set<? extends OpenOption> options) throws IOException {
    return file.channel(options);
  }

  @Override
  public AsynchronousFileChannel asynchronousChannel(
      Set<? extends OpenOption> options, Optional<ExecutorService> executor) throws IOException {
    return file.asynchronousChannel(options, executor);
  }

  @Override
  public <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    return file.view(type);
  }

  @Override
  public Map<String, Object> readAttributes(String attributes) throws IOException {
    return file.readAttributes(attributes);
  }

  @Override
  public void setAttribute(String attribute, Object value) throws IOException {
    file.setAttribute(attribute, value);
  }

  @Override
  public void setMode(int mode) throws IOException {
    file.setMode(mode);
  }

  @Override
  public void setOwner(int owner, int group) throws IOException {
    file.setOwner(owner, group);
  }

  @Override
  public void setTimes(Instant accessed, Instant modified) throws IOException {
    file.setTimes(accessed, modified);
  }

  @Override
  public void checkAccess(AccessMode... modes) throws IOException {
    file.checkAccess(modes);
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    file.truncate(sizeBytes);
  }

  @Override
  public void sync(SyncScope scope) throws IOException {
    file.sync(scope);
  }

  @Override
  public Optional<Closeable> tryLock() throws IOException {
    return file.tryLock();
  }

  @Override
  public String readLink() throws IOException {
    return file.readLink();
  }

  @Override
  public FileStore fileStore() throws IOException {
    return file.fileStore();
  }

  @Override
  public WatchKey register(
      WatchService service, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers)
      throws IOException {
    return file.register(service, kinds, modifiers);
  }

  @Override
  public String display() {
    return file.display();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
