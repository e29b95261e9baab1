package dev.safefs.linux;

import static java.util.Objects.requireNonNull;

import dev.safefs.handle.Space;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The store of an open object as its descriptor tells, with the answers of the JDK: for where that
 * asks by statx(2) alone, which is denied. Promise K4.
 */
final class HeldFileStore extends FileStore {
  private static final Set<String> ALWAYS = Set.of("basic", "posix", "owner", "unix");
  private static final Set<String> WITH_ATTRIBUTES = Set.of("user", "dos");

  private final MountEntry mount;
  private final long device;
  private final Space space;
  private final boolean hasUserAttributes;

  private HeldFileStore(MountEntry mount, long device, Space space, boolean hasUserAttributes) {
    this.mount = mount;
    this.device = device;
    this.space = space;
    this.hasUserAttributes = hasUserAttributes;
  }

  /**
   * Returns the delegate's store of an object, or one of this kind where that is denied, or where
   * the delegate cannot do it: it looks for the mount by the object's path, which may be too long,
   * promise R7, or be there no more.
   */
  static FileStore find(Host host, FdFile file) throws IOException {
    try {
      return file.viaDelegate(FileSystemProvider::getFileStore);
    } catch (FileSystemException e) {
      if (!file.isReachable()) {
        throw e;
      }
      return of(host, file.fd(), file).orElseThrow(() -> e);
    }
  }

  /** Returns the store of an object, if procfs tells its mount. */
  static Optional<FileStore> of(Host host, Fd fd, FdFile file) throws IOException {
    Optional<MountEntry> mount = host.proc().mount(fd);
    Optional<Space> space = space(host, fd);
    if (mount.isEmpty() || space.isEmpty()) {
      return Optional.empty();
    }
    long device = file.seen().mount().device();
    boolean hasUserAttributes = file.xattrs().list().result() >= 0;
    return Optional.of(new HeldFileStore(mount.get(), device, space.get(), hasUserAttributes));
  }

  /** Returns the room there is, unless fstatfs(2) fails. */
  static Optional<Space> space(Host host, Fd fd) throws IOException {
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    if (fd.call(n -> host.sys().fstatfs(n, statfs)) < 0) {
      return Optional.empty();
    }
    long size = Structs.statfsFragmentSize(statfs);
    return Optional.of(
        new Space(
            bytes(Structs.statfsBlocks(statfs), size),
            bytes(Structs.statfsBlocksAvailable(statfs), size),
            bytes(Structs.statfsBlocksFree(statfs), size),
            size));
  }

  /** Returns the type: the name of a device is nobody's business here. */
  @Override
  public String name() {
    return mount.type();
  }

  @Override
  public String type() {
    return mount.type();
  }

  @Override
  public boolean isReadOnly() {
    return mount.isReadOnly();
  }

  @Override
  public long getTotalSpace() {
    return space.totalBytes();
  }

  @Override
  public long getUsableSpace() {
    return space.usableBytes();
  }

  @Override
  public long getUnallocatedSpace() {
    return space.unallocatedBytes();
  }

  @Override
  public long getBlockSize() {
    return space.blockSizeBytes();
  }

  @Override
  public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
    return type == BasicFileAttributeView.class
        || type == PosixFileAttributeView.class
        || type == FileOwnerAttributeView.class
        || (hasUserAttributes
            && (requireNonNull(type) == UserDefinedFileAttributeView.class
                || type == DosFileAttributeView.class));
  }

  @Override
  public boolean supportsFileAttributeView(String name) {
    return ALWAYS.contains(name) || (hasUserAttributes && WITH_ATTRIBUTES.contains(name));
  }

  @Override
  public <V extends FileStoreAttributeView> @Nullable V getFileStoreAttributeView(Class<V> type) {
    requireNonNull(type);
    return null;
  }

  @Override
  public Object getAttribute(String attribute) {
    return switch (attribute) {
      case "totalSpace" -> getTotalSpace();
      case "usableSpace" -> getUsableSpace();
      case "unallocatedSpace" -> getUnallocatedSpace();
      default -> throw new UnsupportedOperationException("'" + attribute + "' not recognized");
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof HeldFileStore store
        && device == store.device
        && mount.equals(store.mount);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(device);
  }

  /** Saturates, as the JDK does. */
  private static long bytes(long blocks, long size) {
    long high = Math.multiplyHigh(blocks, size);
    long low = blocks * size;
    return high == 0 && low >= 0 ? low : Long.MAX_VALUE;
  }
}
