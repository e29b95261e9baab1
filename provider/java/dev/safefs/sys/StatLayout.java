package dev.safefs.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where the fields of {@code struct stat} are, which differs between CPUs; sizes and places in
 * bytes. Not named here is what is in the same place everywhere.
 *
 * @param sizeBytes size of the structure
 * @param nlink place of {@code st_nlink}
 * @param nlinkBytes its width
 * @param mode place of {@code st_mode}; {@code st_uid} and {@code st_gid} come after it
 * @param uid place of {@code st_uid}
 * @param rdev place of {@code st_rdev}
 */
public record StatLayout(int sizeBytes, int nlink, int nlinkBytes, int mode, int uid, int rdev) {
  /** AMD64: arch/x86/include/uapi/asm/stat.h. */
  static final StatLayout X86_64 = new StatLayout(144, 16, 8, 24, 28, 40);

  /** 64-bit Arm: include/uapi/asm-generic/stat.h. */
  static final StatLayout AARCH64 = new StatLayout(128, 20, 4, 16, 24, 32);

  private static final StatLayout CURRENT = of(Cpu.current());

  /** Returns the layout on the CPU this JVM runs on. */
  public static StatLayout current() {
    return CURRENT;
  }

  /** Returns the layout of a CPU; an unknown one has no system call that would fill it. */
  static StatLayout of(Cpu cpu) {
    return cpu == Cpu.X86_64 ? X86_64 : AARCH64;
  }

  /**
   * Writes what a {@code struct stat} says as a {@code struct statx}, whose mask tells that there
   * is neither a time of birth nor a mount id.
   *
   * @param stat what was read
   * @param statx where to put it, {@link Structs#STATX_SIZE_BYTES}
   */
  public void toStatx(byte[] stat, byte[] statx) {
    ByteBuffer from = ByteBuffer.wrap(stat).order(ByteOrder.nativeOrder());
    ByteBuffer to = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
    to.putInt(0, Abi.STATX_BASIC_STATS);
    to.putLong(8, 0);
    to.putInt(16, nlinkBytes == 8 ? (int) from.getLong(nlink) : from.getInt(nlink));
    to.putInt(20, from.getInt(uid));
    to.putInt(24, from.getInt(uid + 4));
    to.putShort(28, (short) from.getInt(mode));
    to.putLong(32, from.getLong(8));
    to.putLong(40, from.getLong(48));
    to.putLong(48, from.getLong(64));
    to.putLong(56, 0);
    putTime(to, 64, from, 72);
    putTime(to, 96, from, 104);
    putTime(to, 112, from, 88);
    putDevice(to, 128, from.getLong(rdev));
    putDevice(to, 136, from.getLong(0));
  }

  private static void putTime(ByteBuffer to, int at, ByteBuffer from, int place) {
    to.putLong(at, from.getLong(place)).putInt(at + 8, (int) from.getLong(place + 8));
  }

  private static void putDevice(ByteBuffer to, int at, long device) {
    to.putInt(at, Structs.major(device)).putInt(at + 4, Structs.minor(device));
  }
}
