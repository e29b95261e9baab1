package dev.safefs.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The layouts of the kernel's structures that are the same on every 64-bit CPU, as pure functions
 * over bytes.
 *
 * <p>Times are seconds since the epoch and nanoseconds within the second. Devices are the 64-bit
 * {@code dev_t} of makedev(3), as {@code stat} and the JDK's {@code unix:dev} show them. Unsigned
 * 32-bit fields keep their bits in an {@code int}, except ids and counts, which are widened.
 */
public final class Structs {
  /** Size of {@code struct statx}. */
  public static final int STATX_SIZE_BYTES = 256;

  /** Size of {@code struct open_how}, first version. */
  public static final int OPEN_HOW_SIZE_BYTES = 24;

  /** Size of {@code struct timespec[2]}. */
  public static final int TIMESPECS_SIZE_BYTES = 32;

  /** Size of {@code struct flock}. */
  public static final int FLOCK_SIZE_BYTES = 32;

  /** Size of {@code struct statfs}. */
  public static final int STATFS_SIZE_BYTES = 120;

  private static final int DIRENT_NAME = 19;

  private Structs() {}

  /** Returns {@code stx_mask}: the STATX_* fields that were filled. */
  public static int statxMask(byte[] statx) {
    return getInt(statx, 0);
  }

  /**
   * Returns {@code stx_attributes}: STATX_ATTR_* bits, valid where {@link #statxAttributesMask} has
   * a one.
   */
  public static long statxAttributes(byte[] statx) {
    return getLong(statx, 8);
  }

  /** Returns {@code stx_attributes_mask}. */
  public static long statxAttributesMask(byte[] statx) {
    return getLong(statx, 56);
  }

  /** Returns {@code stx_nlink}. */
  public static long statxNlink(byte[] statx) {
    return getUnsignedInt(statx, 16);
  }

  /** Returns {@code stx_uid}, the bits of an unsigned number. */
  public static int statxUid(byte[] statx) {
    return getInt(statx, 20);
  }

  /** Returns {@code stx_gid}, the bits of an unsigned number. */
  public static int statxGid(byte[] statx) {
    return getInt(statx, 24);
  }

  /** Returns {@code stx_mode}: type and permissions. */
  public static int statxMode(byte[] statx) {
    return Short.toUnsignedInt(wrap(statx).getShort(28));
  }

  /** Returns {@code stx_ino}. */
  public static long statxIno(byte[] statx) {
    return getLong(statx, 32);
  }

  /** Returns {@code stx_size} in bytes. */
  public static long statxSize(byte[] statx) {
    return getLong(statx, 40);
  }

  /** Returns {@code stx_blocks}: units of 512 bytes. */
  public static long statxBlocks(byte[] statx) {
    return getLong(statx, 48);
  }

  /** Returns {@code stx_atime.tv_sec}. */
  public static long statxAtimeSeconds(byte[] statx) {
    return getLong(statx, 64);
  }

  /** Returns {@code stx_atime.tv_nsec}. */
  public static int statxAtimeNanos(byte[] statx) {
    return getInt(statx, 72);
  }

  /** Returns {@code stx_btime.tv_sec}: the time of birth. */
  public static long statxBtimeSeconds(byte[] statx) {
    return getLong(statx, 80);
  }

  /** Returns {@code stx_btime.tv_nsec}. */
  public static int statxBtimeNanos(byte[] statx) {
    return getInt(statx, 88);
  }

  /** Returns {@code stx_ctime.tv_sec}. */
  public static long statxCtimeSeconds(byte[] statx) {
    return getLong(statx, 96);
  }

  /** Returns {@code stx_ctime.tv_nsec}. */
  public static int statxCtimeNanos(byte[] statx) {
    return getInt(statx, 104);
  }

  /** Returns {@code stx_mtime.tv_sec}. */
  public static long statxMtimeSeconds(byte[] statx) {
    return getLong(statx, 112);
  }

  /** Returns {@code stx_mtime.tv_nsec}. */
  public static int statxMtimeNanos(byte[] statx) {
    return getInt(statx, 120);
  }

  /** Returns the device that a special file stands for. */
  public static long statxRdev(byte[] statx) {
    return makedev(getInt(statx, 128), getInt(statx, 132));
  }

  /** Returns the device that holds the file. */
  public static long statxDev(byte[] statx) {
    return makedev(getInt(statx, 136), getInt(statx, 140));
  }

  /** Returns {@code stx_mnt_id}; valid if the mask has STATX_MNT_ID or STATX_MNT_ID_UNIQUE. */
  public static long statxMntId(byte[] statx) {
    return getLong(statx, 144);
  }

  /** Returns whether the mask has {@code stx_mnt_id}. */
  public static boolean statxHasMntId(byte[] statx) {
    return (statxMask(statx) & (Abi.STATX_MNT_ID | Abi.STATX_MNT_ID_UNIQUE)) != 0;
  }

  /**
   * Packs a device number as makedev(3) does: major in bits 8 to 19 and 44 to 63, minor in the
   * others.
   */
  public static long makedev(int major, int minor) {
    long high = Integer.toUnsignedLong(major);
    long low = Integer.toUnsignedLong(minor);
    return (low & 0xff) | (high & 0xfff) << 8 | (low & ~0xffL) << 12 | (high & ~0xfffL) << 32;
  }

  /** Returns the major number of a device, as major(3) does. */
  public static int major(long device) {
    return (int) ((device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL));
  }

  /** Returns the minor number of a device, as minor(3) does. */
  public static int minor(long device) {
    return (int) ((device & 0xff) | (device >>> 12 & 0xffff_ff00L));
  }

  /** Returns {@code d_ino} of the {@code linux_dirent64} at {@code at}. */
  public static long direntIno(byte[] dirents, int at) {
    return getLong(dirents, at);
  }

  /**
   * Returns {@code d_off}: where a later {@code lseek} of the directory goes on behind this entry.
   */
  public static long direntOff(byte[] dirents, int at) {
    return getLong(dirents, at + 8);
  }

  /**
   * Returns where the entry after the one at {@code at} starts, or the number of filled bytes after
   * the last one.
   */
  public static int direntNext(byte[] dirents, int at) {
    return at + Short.toUnsignedInt(wrap(dirents).getShort(at + 16));
  }

  /** Returns {@code d_type}: a DT_* value, DT_UNKNOWN where the file system does not tell. */
  public static int direntType(byte[] dirents, int at) {
    return dirents[at + 18];
  }

  /** Returns where {@code d_name} begins. */
  public static int direntNameFrom(int at) {
    return at + DIRENT_NAME;
  }

  /** Returns where the NUL of {@code d_name} is. */
  public static int direntNameTo(byte[] dirents, int at) {
    int end = at + DIRENT_NAME;
    while (dirents[end] != 0) {
      end++;
    }
    return end;
  }

  /** Returns {@code d_name} without its NUL. */
  public static byte[] direntName(byte[] dirents, int at) {
    return Arrays.copyOfRange(dirents, direntNameFrom(at), direntNameTo(dirents, at));
  }

  /**
   * Makes the times argument of {@link Syscalls#utimensat}.
   *
   * @param atimeNanos nanoseconds within the second, UTIME_NOW or UTIME_OMIT; so is {@code
   *     mtimeNanos}
   */
  public static byte[] timespecs(
      long atimeSeconds, long atimeNanos, long mtimeSeconds, long mtimeNanos) {
    byte[] times = new byte[TIMESPECS_SIZE_BYTES];
    wrap(times).putLong(atimeSeconds).putLong(atimeNanos).putLong(mtimeSeconds).putLong(mtimeNanos);
    return times;
  }

  /**
   * Makes the {@code struct flock} of a range that is counted from the start of the file.
   *
   * @param type F_RDLCK, F_WRLCK or F_UNLCK
   * @param lengthBytes 0 means up to the end of the file, however far it grows
   */
  public static byte[] flock(int type, long start, long lengthBytes) {
    byte[] flock = new byte[FLOCK_SIZE_BYTES];
    wrap(flock).putShort(0, (short) type).putLong(8, start).putLong(16, lengthBytes);
    return flock;
  }

  /** Returns {@code l_type}: after F_OFD_GETLK, F_UNLCK if the lock would have been granted. */
  public static int flockType(byte[] flock) {
    return wrap(flock).getShort(0);
  }

  /**
   * Returns {@code l_pid}: after F_OFD_GETLK, the holder of a conflicting lock, -1 for an
   * open-file-description lock.
   */
  public static int flockPid(byte[] flock) {
    return getInt(flock, 24);
  }

  /** Returns {@code f_type}: a magic number of {@link Abi}, as unsigned 32 bits. */
  public static long statfsType(byte[] statfs) {
    return getLong(statfs, 0) & 0xffff_ffffL;
  }

  /** Returns {@code f_blocks}: all blocks, of {@link #statfsFragmentSize} bytes. */
  public static long statfsBlocks(byte[] statfs) {
    return getLong(statfs, 16);
  }

  /** Returns {@code f_bfree}: blocks that nobody has. */
  public static long statfsBlocksFree(byte[] statfs) {
    return getLong(statfs, 24);
  }

  /** Returns {@code f_bavail}: blocks that anybody may have. */
  public static long statfsBlocksAvailable(byte[] statfs) {
    return getLong(statfs, 32);
  }

  /** Returns {@code f_frsize}: bytes of a block. */
  public static long statfsFragmentSize(byte[] statfs) {
    return getLong(statfs, 72);
  }

  /** Returns {@code f_flags}: ST_* bits of the mount. */
  public static long statfsFlags(byte[] statfs) {
    return getLong(statfs, 80);
  }

  private static int getInt(byte[] struct, int at) {
    return wrap(struct).getInt(at);
  }

  private static long getUnsignedInt(byte[] struct, int at) {
    return Integer.toUnsignedLong(getInt(struct, at));
  }

  private static long getLong(byte[] struct, int at) {
    return wrap(struct).getLong(at);
  }

  // A ByteBuffer and not a VarHandle: it needs no method handles, which cost milliseconds at
  // start-up, and the JIT
  // removes the allocation.
  private static ByteBuffer wrap(byte[] struct) {
    return ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
  }
}
