package dev.safefs.sys;

/**
 * The numbers of the system calls, per CPU.
 *
 * <p>x86-64 has its own table (arch/x86/entry/syscalls/syscall_64.tbl); 64-bit Arm uses the generic
 * one (asm-generic/unistd.h). Calls since Linux 5.1 have one number everywhere.
 */
enum SyscallNumber {
  READ(0, 63),
  WRITE(1, 64),
  CLOSE(3, 57),
  LSEEK(8, 62),
  IOCTL(16, 29),
  FCNTL(72, 25),
  FSYNC(74, 82),
  FDATASYNC(75, 83),
  FTRUNCATE(77, 46),
  FCHMOD(91, 52),
  GETEUID(107, 175),
  FSTATFS(138, 44),
  SETXATTR(188, 5),
  FSETXATTR(190, 7),
  GETXATTR(191, 8),
  FGETXATTR(193, 10),
  LISTXATTR(194, 11),
  FLISTXATTR(196, 13),
  REMOVEXATTR(197, 14),
  FREMOVEXATTR(199, 16),
  GETDENTS64(217, 61),
  OPENAT(257, 56),
  MKDIRAT(258, 34),
  MKNODAT(259, 33),
  FCHOWNAT(260, 54),
  NEWFSTATAT(262, 79),
  UNLINKAT(263, 35),
  RENAMEAT(264, 38),
  LINKAT(265, 37),
  SYMLINKAT(266, 36),
  READLINKAT(267, 78),
  FCHMODAT(268, 53),
  UTIMENSAT(280, 88),
  RENAMEAT2(316, 276),
  GETRANDOM(318, 278),
  COPY_FILE_RANGE(326, 285),
  STATX(332, 291),
  OPENAT2(437, 437),
  FACCESSAT2(439, 439),
  FCHMODAT2(452, 452);

  private static final int NO_SUCH_CALL = -1;

  /** The number on the CPU this JVM runs on. */
  final int current;

  private final int x8664;
  private final int aarch64;

  SyscallNumber(int x8664, int aarch64) {
    this.x8664 = x8664;
    this.aarch64 = aarch64;
    this.current = on(Cpu.current());
  }

  /**
   * Returns the number on {@code cpu}; on an unknown one a number that every kernel answers with
   * ENOSYS.
   */
  int on(Cpu cpu) {
    return switch (cpu) {
      case X86_64 -> x8664;
      case AARCH64 -> aarch64;
      case UNKNOWN -> NO_SUCH_CALL;
    };
  }
}
