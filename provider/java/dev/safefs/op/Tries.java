package dev.safefs.op;

import java.time.Duration;

/**
 * Bounds what is tried again while others come in between: by count, and by time on slow mounts.
 */
final class Tries {
  private static final int MOST = 128;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final long begin = System.nanoTime();
  private int begun;

  /** Begins another try. Returns false if there were enough. */
  boolean next() {
    if (begun >= MOST || (begun > 0 && System.nanoTime() - begin > LONGEST.toNanos())) {
      return false;
    }
    begun++;
    return true;
  }

  @Override
  public String toString() {
    return begun + " tries";
  }
}
