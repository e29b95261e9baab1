package dev.safefs.linux;

import dev.safefs.handle.Randomness;
import dev.safefs.sys.Syscalls;

/**
 * The kernel's random bytes; getrandom(2). Loading Java's own generator takes longer than all else
 * that the first write of a program does, bar the backend.
 */
final class Entropy {
  /** As much as the kernel gives whole; serves for nine names. */
  private static final int POOL_BYTES = 256;

  private final Syscalls sys;
  private final byte[] pool = new byte[POOL_BYTES];
  private int used = POOL_BYTES;

  Entropy(Syscalls sys) {
    this.sys = sys;
  }

  /** Fills at most 256 bytes, none of which is given twice. */
  synchronized void fill(byte[] bytes) {
    if (bytes.length > POOL_BYTES - used) {
      if (sys.getrandom(pool, 0) != POOL_BYTES) {
        Randomness.fill(pool);
      }
      used = 0;
    }
    System.arraycopy(pool, used, bytes, 0, bytes.length);
    used += bytes.length;
  }
}
