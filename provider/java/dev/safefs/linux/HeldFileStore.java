package dev.safefs.linux;

import static java.util.Objects.requireNonNull;

import dev.safefs.sys.Structs;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
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
  private final byte[] statfs;
  private final boolean hasUserAttributes;

  private HeldFileStore(MountEntry mount, long device, byte[] statfs, boolean hasUserAttributes) {
    this.mount = mount;
    this.device = device;
    this.statfs = statfs;
    this.hasUserAttributes = hasUserAttributes;
  }

  /** Returns the store of an object, if procfs tells its mount. */
  static Optional<FileStore> of(Host host, Fd fd, FdFile file) throws IOException {
    Optional<MountEntry> mount = host.proc().mount(fd);
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    if (mount.isEmpty() || fd.call(n -> host.sys().fstatfs(n, statfs)) < 0) {
      return Optional.empty();
    }
    long device = file.seen().mount().device();
    boolean hasUserAttributes = file.xattrs().list().result() >= 0;
    return Optional.of(new HeldFileStore(mount.get(), device, statfs, hasUserAttributes));
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
    return bytes(Structs.statfsBlocks(statfs));
  }

  @Override
  public long getUsableSpace() {
    return bytes(Structs.statfsBlocksAvailable(statfs));
  }

  @Override
  public long getUnallocatedSpace() {
    return bytes(Structs.statfsBlocksFree(statfs));
  }

  @Override
  public long getBlockSize() {
    return Structs.statfsFragmentSize(statfs);
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
  private long bytes(long blocks) {
    long high = Math.multiplyHigh(blocks, getBlockSize());
    long low = blocks * getBlockSize();
    return high == 0 && low >= 0 ? low : Long.MAX_VALUE;
  }
}
