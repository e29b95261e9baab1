package dev.safefs.linux;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Identity;
import dev.safefs.handle.Stat;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.StatLayout;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.time.Instant;

/** Reads {@code struct statx}, or fills it where there is no such call. */
final class StatxReader {
  /** The keys of all mounts together: each has the number of its device. */
  private static final String KERNEL = "";

  private static final int MASK =
      Abi.STATX_BASIC_STATS | Abi.STATX_BTIME | Abi.STATX_MNT_ID | Abi.STATX_MNT_ID_UNIQUE;
  private static final int PERMISSIONS = 07777;
  private static final long NANOSECONDS = 1_000_000_000L;

  private StatxReader() {}

  /** Asks for an open object. Returns 0 or {@code -errno}. */
  static int read(Syscalls sys, Fd fd, byte[] statx) throws IOException {
    return fd.call(n -> ask(sys, n, CString.EMPTY, Abi.AT_EMPTY_PATH, statx));
  }

  /**
   * Asks for a name in a directory, without following a link there. Returns 0 or {@code -errno}.
   */
  static int read(Syscalls sys, Fd dir, byte[] name, byte[] statx) throws IOException {
    int flags = Abi.AT_SYMLINK_NOFOLLOW | Abi.AT_NO_AUTOMOUNT;
    return dir.call(n -> ask(sys, n, name, flags, statx));
  }

  /**
   * Asks by statx(2), and where that is missing or denied by fstatat(2), which knows neither times
   * of birth nor mounts. EPERM needs no witness: what is wrong with the file, the other call says
   * too. Returns 0 or {@code -errno}.
   */
  static int ask(Syscalls sys, int dir, byte[] name, int flags, byte[] statx) {
    int result = sys.statx(dir, name, flags, MASK, statx);
    if (!isDenied(result)) {
      return result;
    }
    StatLayout layout = StatLayout.current();
    byte[] stat = new byte[layout.sizeBytes()];
    int old = sys.newfstatat(dir, name, stat, flags);
    if (old >= 0) {
      layout.toStatx(stat, statx);
    }
    return old;
  }

  /** Tells whether statx(2) is missing or denied now, asked of an open object. */
  static boolean isDenied(Syscalls sys, Fd fd) throws IOException {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    return isDenied(fd.call(n -> sys.statx(n, CString.EMPTY, Abi.AT_EMPTY_PATH, MASK, statx)));
  }

  private static boolean isDenied(int result) {
    return result == -Errno.ENOSYS || result == -Errno.EPERM;
  }

  /** Asks for an open object that the user calls so. */
  static byte[] require(Syscalls sys, Fd fd, String display) throws IOException {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    int result = read(sys, fd, statx);
    if (result < 0) {
      throw Errnos.exception("statx", result, display);
    }
    return statx;
  }

  static Stat stat(byte[] statx) {
    int mode = Structs.statxMode(statx);
    return new Stat(
        type(mode),
        mode & PERMISSIONS,
        Structs.statxUid(statx),
        Structs.statxGid(statx),
        Structs.statxSize(statx),
        Structs.statxNlink(statx),
        Structs.statxRdev(statx),
        instant(Structs.statxAtimeSeconds(statx), Structs.statxAtimeNanos(statx)),
        instant(Structs.statxMtimeSeconds(statx), Structs.statxMtimeNanos(statx)),
        instant(Structs.statxCtimeSeconds(statx), Structs.statxCtimeNanos(statx)),
        identity(statx));
  }

  /**
   * Returns the identity. The time of birth is its generation on file systems with a device: that
   * of a file in an overlay changes when a rename, a link or a write copies it up, and tmpfs and
   * btrfs use no number again.
   */
  static Identity identity(byte[] statx) {
    boolean hasBirth = (Structs.statxMask(statx) & Abi.STATX_BTIME) != 0;
    long birth =
        hasBirth
            ? Structs.statxBtimeSeconds(statx) * NANOSECONDS + Structs.statxBtimeNanos(statx)
            : 0;
    long device = Structs.statxDev(statx);
    FileKey key = new FileKey(device, Structs.statxIno(statx));
    return new Identity(key, KERNEL, birth, Structs.major(device) == 0 ? 0 : birth);
  }

  static FileType type(byte[] statx) {
    return type(Structs.statxMode(statx));
  }

  /** Returns what tells the mount, as far as this call knows it. */
  static MountKey mount(byte[] statx) {
    long device = Structs.statxDev(statx);
    if (!Structs.statxHasMntId(statx)) {
      return new MountKey(MountKey.Kind.DEVICE, 0, device);
    }
    boolean isUnique = (Structs.statxMask(statx) & Abi.STATX_MNT_ID_UNIQUE) != 0;
    MountKey.Kind kind = isUnique ? MountKey.Kind.UNIQUE_ID : MountKey.Kind.ID;
    return new MountKey(kind, Structs.statxMntId(statx), device);
  }

  /** Returns the S_IFMT bits of a type. */
  static int typeBits(FileType type) {
    return switch (type) {
      case REGULAR -> Abi.S_IFREG;
      case DIRECTORY -> Abi.S_IFDIR;
      case SYMLINK -> Abi.S_IFLNK;
      case FIFO -> Abi.S_IFIFO;
      case SOCKET -> Abi.S_IFSOCK;
      case BLOCK_DEVICE -> Abi.S_IFBLK;
      case CHARACTER_DEVICE -> Abi.S_IFCHR;
      case UNKNOWN -> 0;
    };
  }

  private static FileType type(int mode) {
    return switch (mode & Abi.S_IFMT) {
      case Abi.S_IFREG -> FileType.REGULAR;
      case Abi.S_IFDIR -> FileType.DIRECTORY;
      case Abi.S_IFLNK -> FileType.SYMLINK;
      case Abi.S_IFIFO -> FileType.FIFO;
      case Abi.S_IFSOCK -> FileType.SOCKET;
      case Abi.S_IFBLK -> FileType.BLOCK_DEVICE;
      case Abi.S_IFCHR -> FileType.CHARACTER_DEVICE;
      default -> FileType.UNKNOWN;
    };
  }

  /** Returns the nearest there is: a server may answer what no file system would keep. */
  private static Instant instant(long seconds, long nanos) {
    if (seconds >= Instant.MAX.getEpochSecond()) {
      return Instant.MAX;
    }
    return seconds < Instant.MIN.getEpochSecond()
        ? Instant.MIN
        : Instant.ofEpochSecond(seconds, nanos);
  }
}
