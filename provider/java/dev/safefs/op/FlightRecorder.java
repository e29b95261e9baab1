package dev.safefs.op;

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

  /** Records that another process interfered. */
  static void raced(String path, String what) {
    if (Presence.IS_PRESENT && Events.isRecorderRunning()) {
      Events.raced(path, what);
    }
  }
}
