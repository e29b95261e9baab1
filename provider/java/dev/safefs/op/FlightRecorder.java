package dev.safefs.op;

import java.util.function.Supplier;

/**
 * Flight recorder events, where the JDK has a flight recorder. Promise G3: free when nobody
 * records.
 */
final class FlightRecorder {

  private FlightRecorder() {}

  /** Known once asked: {@code jdk.jfr} may be left out of a run-time image. */
  private static final class Presence {
    static final boolean IS_PRESENT = isPresent();

    private static boolean isPresent() {
      try {
        Class.forName("jdk.jfr.Event", false, null);
        return true;
      } catch (ClassNotFoundException | LinkageError e) {
        return false;
      }
    }
  }

  /** Records that a promise was given up. */
  static void downgraded(String path, String promise, String reason) {
    if (Presence.IS_PRESENT && Events.isRecorderRunning()) {
      Events.downgraded(path, promise, reason);
    }
  }

  /** Records that a file was published. */
  static void published(String path, String strategy, long nanoseconds) {
    if (Presence.IS_PRESENT && Events.isRecorderRunning()) {
      Events.published(path, strategy, nanoseconds);
    }
  }

  /** Records that a file was copied, or an object made like another one. */
  static void copied(
      Supplier<String> source, Supplier<String> target, long bytes, long nanoseconds) {
    if (Presence.IS_PRESENT && Events.isRecorderRunning()) {
      Events.copied(source.get(), target.get(), bytes, nanoseconds);
    }
  }

  /** Records that something is tried once more, as others came in between. */
  static void retried(Supplier<String> path, int number) {
    if (Presence.IS_PRESENT && Events.isRecorderRunning()) {
      Events.retried(path.get(), number);
    }
  }

  /** Records that another process interfered. */
  static void raced(String path, String what) {
    if (Presence.IS_PRESENT && Events.isRecorderRunning()) {
      Events.raced(path, what);
    }
  }
}
