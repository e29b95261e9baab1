package dev.safefs.sys;

/**
 * The flags and limits of Linux's system call interface, with their C names.
 *
 * <p>All values are the same on every supported CPU, except O_DIRECT, O_DIRECTORY, O_LARGEFILE,
 * O_NOFOLLOW and O_TMPFILE, which follow {@code os.arch}.
 */
public final class Abi {
  private static final Cpu CPU = Cpu.current();

  // open(2)
  public static final int O_RDONLY = 0;
  public static final int O_WRONLY = 1;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_EXCL = 0x80;
  public static final int O_NOCTTY = 0x100;
  public static final int O_TRUNC = 0x200;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x8_0000;
  public static final int O_SYNC = 0x10_1000;
  public static final int O_PATH = 0x20_0000;
  public static final int O_DIRECT = CPU.direct;
  public static final int O_DIRECTORY = CPU.directory;

  /** The kernel sets it by itself for 64-bit callers; it shows in F_GETFL. */
  public static final int O_LARGEFILE = CPU.largefile;

  public static final int O_NOFOLLOW = CPU.nofollow;

  /** Contains O_DIRECTORY: test it with {@code (flags & O_TMPFILE) == O_TMPFILE}. */
  public static final int O_TMPFILE = CPU.tmpfile;

  // openat2(2)
  public static final long RESOLVE_NO_XDEV = 0x01;
  public static final long RESOLVE_NO_MAGICLINKS = 0x02;
  public static final long RESOLVE_NO_SYMLINKS = 0x04;
  public static final long RESOLVE_BENEATH = 0x08;
  public static final long RESOLVE_IN_ROOT = 0x10;

  // The *at calls
  public static final int AT_FDCWD = -100;
  public static final int AT_SYMLINK_NOFOLLOW = 0x100;
  public static final int AT_REMOVEDIR = 0x200;

  /** For faccessat2 only; unlinkat reads the same bit as AT_REMOVEDIR. */
  public static final int AT_EACCESS = 0x200;

  public static final int AT_SYMLINK_FOLLOW = 0x400;
  public static final int AT_NO_AUTOMOUNT = 0x800;
  public static final int AT_EMPTY_PATH = 0x1000;

  // renameat2(2)
  public static final int RENAME_NOREPLACE = 1;
  public static final int RENAME_EXCHANGE = 2;

  // statx(2): what is asked for, and what was answered
  public static final int STATX_TYPE = 0x0001;
  public static final int STATX_BASIC_STATS = 0x07ff;
  public static final int STATX_BTIME = 0x0800;

  /** Linux 5.8. */
  public static final int STATX_MNT_ID = 0x1000;

  /** Linux 6.8; the id is never used again, and comes in the same field as that of STATX_MNT_ID. */
  public static final int STATX_MNT_ID_UNIQUE = 0x4000;

  // statx(2): attributes
  public static final long STATX_ATTR_IMMUTABLE = 0x10;
  public static final long STATX_ATTR_APPEND = 0x20;

  // inode(7): file types and mode bits
  public static final int S_IFMT = 0xf000;
  public static final int S_IFIFO = 0x1000;
  public static final int S_IFCHR = 0x2000;
  public static final int S_IFDIR = 0x4000;
  public static final int S_IFBLK = 0x6000;
  public static final int S_IFREG = 0x8000;
  public static final int S_IFLNK = 0xa000;
  public static final int S_IFSOCK = 0xc000;
  public static final int S_ISVTX = 0x200;

  // getdents64(2): types of entries
  public static final int DT_UNKNOWN = 0;
  public static final int DT_FIFO = 1;
  public static final int DT_CHR = 2;
  public static final int DT_DIR = 4;
  public static final int DT_BLK = 6;
  public static final int DT_REG = 8;
  public static final int DT_LNK = 10;
  public static final int DT_SOCK = 12;

  // access(2)
  public static final int F_OK = 0;
  public static final int X_OK = 1;
  public static final int W_OK = 2;
  public static final int R_OK = 4;

  // utimensat(2): nanoseconds with a meaning
  public static final long UTIME_NOW = 0x3fff_ffff;
  public static final long UTIME_OMIT = 0x3fff_fffe;

  // lseek(2)
  public static final int SEEK_SET = 0;
  public static final int SEEK_CUR = 1;
  public static final int SEEK_END = 2;
  public static final int SEEK_DATA = 3;
  public static final int SEEK_HOLE = 4;

  // fcntl(2)
  public static final int F_GETFD = 1;
  public static final int F_GETFL = 3;
  public static final int F_OFD_GETLK = 36;
  public static final int F_OFD_SETLK = 37;
  public static final int F_DUPFD_CLOEXEC = 1030;
  public static final int FD_CLOEXEC = 1;
  public static final int F_RDLCK = 0;
  public static final int F_WRLCK = 1;
  public static final int F_UNLCK = 2;

  // setxattr(2)
  public static final int XATTR_CREATE = 1;

  /** ioctl_ficlone(2). */
  public static final int FICLONE = 0x4004_9409;

  // statfs(2): magic numbers of file systems, unsigned 32 bits
  public static final long AAFS_MAGIC = 0x5a3c_69f0;
  public static final long BINFMTFS_MAGIC = 0x4249_4e4d;
  public static final long BPF_FS_MAGIC = 0xcafe_4a11L;
  public static final long BTRFS_SUPER_MAGIC = 0x9123_683eL;
  public static final long CGROUP2_SUPER_MAGIC = 0x6367_7270;
  public static final long CGROUP_SUPER_MAGIC = 0x27_e0eb;
  public static final long CONFIGFS_MAGIC = 0x6265_6570;
  public static final long DEBUGFS_MAGIC = 0x6462_6720;
  public static final long EFIVARFS_MAGIC = 0xde5e_81e4L;
  public static final long EXFAT_SUPER_MAGIC = 0x2011_bab0L;
  public static final long EXT4_SUPER_MAGIC = 0xef53;
  public static final long F2FS_SUPER_MAGIC = 0xf2f5_2010L;
  public static final long FUSE_SUPER_MAGIC = 0x6573_5546;
  public static final long MSDOS_SUPER_MAGIC = 0x4d44;
  public static final long OVERLAYFS_SUPER_MAGIC = 0x794c_7630;
  public static final long PROC_SUPER_MAGIC = 0x9fa0;
  public static final long PSTOREFS_MAGIC = 0x6165_676c;
  public static final long RAMFS_MAGIC = 0x8584_58f6L;
  public static final long RDTGROUP_SUPER_MAGIC = 0x765_5821;
  public static final long SECURITYFS_MAGIC = 0x7363_6673;
  public static final long SELINUX_MAGIC = 0xf97c_ff8cL;
  public static final long SMACK_MAGIC = 0x4341_5d53;
  public static final long SYSFS_MAGIC = 0x6265_6572;
  public static final long TMPFS_MAGIC = 0x0102_1994;
  public static final long TRACEFS_MAGIC = 0x7472_6163;
  public static final long XFS_SUPER_MAGIC = 0x5846_5342;

  // limits.h
  public static final int NAME_MAX = 255;

  /** Bytes of a path, its NUL included. */
  public static final int PATH_MAX = 4096;

  /** Bytes of an extended attribute's value; also of a list of names. */
  public static final int XATTR_SIZE_MAX = 65536;

  private Abi() {}
}
