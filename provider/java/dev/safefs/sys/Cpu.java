package dev.safefs.sys;

/** The CPU families whose kernel ABI SafeFS knows, with the open flags that differ between them. */
enum Cpu {
  /** AMD64: asm-generic/fcntl.h. */
  X86_64(0x4000, 0x8000, 0x1_0000, 0x2_0000),
  /** 64-bit Arm: arch/arm64/include/uapi/asm/fcntl.h gives the same four bits other meanings. */
  AARCH64(0x1_0000, 0x2_0000, 0x4000, 0x8000),
  /** Any other CPU: generic flags, no system call numbers, and {@link SyscallsLoader} refuses. */
  UNKNOWN(0x4000, 0x8000, 0x1_0000, 0x2_0000);

  private static final int TMPFILE_BIT = 0x40_0000;

  final int direct;
  final int largefile;
  final int directory;
  final int nofollow;

  /**
   * {@code __O_TMPFILE | O_DIRECTORY}, so that a kernel before 3.11 refuses instead of creating a
   * file.
   */
  final int tmpfile;

  Cpu(int direct, int largefile, int directory, int nofollow) {
    this.direct = direct;
    this.largefile = largefile;
    this.directory = directory;
    this.nofollow = nofollow;
    this.tmpfile = TMPFILE_BIT | directory;
  }

  /** Returns the family that the JVM's {@code os.arch} names. */
  static Cpu of(String osArch) {
    return switch (osArch) {
      case "amd64", "x86_64" -> X86_64;
      case "aarch64", "arm64" -> AARCH64;
      default -> UNKNOWN;
    };
  }

  /** Returns the family this JVM runs on. */
  static Cpu current() {
    return of(System.getProperty("os.arch", "unknown"));
  }
}
