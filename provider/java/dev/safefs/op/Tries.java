package dev.safefs.op;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * Bounds what is tried again while others come in between: by count, and by time on slow mounts.
 */
final class Tries {
  private static final int MOST = 128;
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Supplier<String> path;
  private final long begin = System.nanoTime();
  private int begun;

  /**
   * Begins to count.
   *
   * @param path what is tried on, for a record; asked for only where one is made
   */
  Tries(Supplier<String> path) {
    this.path = path;
  }

  /** Begins another try. Returns false if there were enough. */
  boolean next() {
    if (begun >= MOST || (begun > 0 && System.nanoTime() - begin > LONGEST.toNanos())) {
      return false;
    }
    begun++;
    if (begun > 1) {
      FlightRecorder.retried(path, begun);
    }
    return true;
  }

  @Override
  public String toString() {
    return begun + " tries";
  }
}
