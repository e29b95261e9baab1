package dev.safefs.sys;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Native memory for the arguments of one system call: up to two C strings, and data.
 *
 * <p>A frame belongs to one thread from {@link FramePool#take} to {@link #close}. Its memory is a
 * direct buffer, freed when the frame becomes unreachable. The {@code put} methods return the
 * address to pass to the kernel.
 */
final class Frame implements AutoCloseable {
  /** What a {@link Trap} may use for itself, such as for errno. */
  static final int PRIVATE_SIZE_BYTES = 64;

  /**
   * The largest extended attribute. Calls that may do less than asked (read, write, getdents64)
   * stop there.
   */
  static final int DATA_SIZE_BYTES = Abi.XATTR_SIZE_MAX;

  private static final int FIRST_AT = PRIVATE_SIZE_BYTES;
  private static final int SECOND_AT = FIRST_AT + Abi.PATH_MAX;
  private static final int DATA_AT = SECOND_AT + Abi.PATH_MAX;
  private static final byte NUL = 0;

  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(DATA_AT + DATA_SIZE_BYTES).order(ByteOrder.nativeOrder());
  private final FramePool pool;
  private final Trap trap;
  private final long address;

  Frame(FramePool pool, Trap.Factory traps) {
    this.pool = pool;
    this.trap = traps.newTrap(memory);
    this.address = trap.address();
  }

  /** Writes the first C string. */
  long putFirst(byte[] string) {
    return putString(FIRST_AT, string);
  }

  /** Writes the second C string. */
  long putSecond(byte[] string) {
    return putString(SECOND_AT, string);
  }

  /** Writes the start of the data, as much of {@code size} as there is room for. */
  long putData(byte[] bytes, int offset, int size) {
    memory.put(DATA_AT, bytes, offset, Math.min(size, DATA_SIZE_BYTES));
    return data();
  }

  /** Writes a number into the data. */
  long putLong(int at, long value) {
    memory.putLong(DATA_AT + at, value);
    return data() + at;
  }

  /** Returns the address of the data, for a call that fills it. */
  long data() {
    return address + DATA_AT;
  }

  /** Reads the start of the data. */
  void getData(byte[] bytes, int size) {
    memory.get(DATA_AT, bytes, 0, size);
  }

  /** Makes a call with up to five arguments; see {@link Trap#syscall5}. */
  long syscall(SyscallNumber number, long a, long b, long c, long d, long e) {
    return trap.syscall5(number.current, a, b, c, d, e);
  }

  /** Makes a call with six arguments; see {@link Trap#syscall6}. */
  long syscall(SyscallNumber number, long a, long b, long c, long d, long e, long f) {
    return trap.syscall6(number.current, a, b, c, d, e, f);
  }

  /** Gives the frame back to its pool. */
  @Override
  public void close() {
    pool.give(this);
  }

  // The kernel reads at most PATH_MAX bytes, its NUL included, so a longer string still gets its
  // ENAMETOOLONG.
  private long putString(int at, byte[] string) {
    int size = Math.min(string.length, Abi.PATH_MAX);
    memory.put(at, string, 0, size);
    if (size < Abi.PATH_MAX) {
      memory.put(at + size, NUL);
    }
    return address + at;
  }
}
