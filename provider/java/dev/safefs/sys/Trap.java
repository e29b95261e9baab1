package dev.safefs.sys;

import java.nio.ByteBuffer;

/**
 * Enters the kernel: all that the backends differ in. A trap belongs to one piece of memory, and to
 * one thread at a time.
 */
interface Trap {
  /** Returns where the memory starts. */
  long address();

  /**
   * Makes a call with up to five arguments, and returns its value or {@code -errno}; syscall(2).
   */
  long syscall5(int number, long a, long b, long c, long d, long e);

  /** Makes a call with six arguments, and returns its value or {@code -errno}; syscall(2). */
  long syscall6(int number, long a, long b, long c, long d, long e, long f);

  /** Makes the traps of one backend; its {@code toString} is the backend's name. */
  @FunctionalInterface
  interface Factory {
    /**
     * Makes the trap for {@code memory}, a direct buffer whose first {@link
     * Frame#PRIVATE_SIZE_BYTES} are the trap's own.
     */
    Trap newTrap(ByteBuffer memory);
  }
}
