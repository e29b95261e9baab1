package dev.safefs.linux;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Identity;
import dev.safefs.handle.Stat;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Instant;

/** Reads {@code struct statx}. */
final class StatxReader {
  private static final int MASK =
      Abi.STATX_BASIC_STATS | Abi.STATX_BTIME | Abi.STATX_MNT_ID | Abi.STATX_MNT_ID_UNIQUE;
  private static final int PERMISSIONS = 07777;
  private static final long NANOSECONDS = 1_000_000_000L;

  private StatxReader() {}

  /** Asks for an open object. Returns 0 or {@code -errno}. */
  static int read(Syscalls sys, Fd fd, byte[] statx) throws IOException {
    return fd.call(n -> sys.statx(n, CString.EMPTY, Abi.AT_EMPTY_PATH, MASK, statx));
  }

  /**
   * Asks for a name in a directory, without following a link there. Returns 0 or {@code -errno}.
   */
  static int read(Syscalls sys, Fd dir, byte[] name, byte[] statx) throws IOException {
    int flags = Abi.AT_SYMLINK_NOFOLLOW | Abi.AT_NO_AUTOMOUNT;
    return dir.call(n -> sys.statx(n, name, flags, MASK, statx));
  }

  /** Asks for an open object that the user calls so. */
  static byte[] require(Syscalls sys, Fd fd, String display) throws IOException {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    int result = read(sys, fd, statx);
    if (result < 0) {
      throw exception(result, display);
    }
    return statx;
  }

  /**
   * Makes the exception of a failed statx(2), which has no fallback: Linux 4.11 is the oldest that
   * works.
   */
  static FileSystemException exception(int result, String display) {
    return result == -Errno.ENOSYS
        ? new FileSystemException(
            display, null, Errnos.reason("statx", result) + ": Linux 4.11 or later is needed")
        : Errnos.exception("statx", result, display);
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

  static Identity identity(byte[] statx) {
    boolean hasBirth = (Structs.statxMask(statx) & Abi.STATX_BTIME) != 0;
    long birth = Structs.statxBtimeSeconds(statx) * NANOSECONDS + Structs.statxBtimeNanos(statx);
    FileKey key = new FileKey(Structs.statxDev(statx), Structs.statxIno(statx));
    return new Identity(key, hasBirth ? birth : 0);
  }

  static FileType type(byte[] statx) {
    return type(Structs.statxMode(statx));
  }

  static MountKey mount(byte[] statx) {
    int idBits = Abi.STATX_MNT_ID | Abi.STATX_MNT_ID_UNIQUE;
    boolean hasId = (Structs.statxMask(statx) & idBits) != 0;
    return new MountKey(hasId ? Structs.statxMntId(statx) : 0, Structs.statxDev(statx));
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

  private static Instant instant(long seconds, long nanos) {
    return Instant.ofEpochSecond(seconds, nanos);
  }
}
