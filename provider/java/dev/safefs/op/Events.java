package dev.safefs.op;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** The flight recorder's events. Loaded only where it exists. */
final class Events {

  private Events() {}

  /**
   * Tells whether anybody ever recorded in this virtual machine: an event would start the recorder,
   * for a tenth of a second.
   */
  static boolean isRecorderRunning() {
    return jdk.jfr.FlightRecorder.isInitialized();
  }

  static void downgraded(String path, String promise, String reason) {
    Downgraded event = new Downgraded();
    if (event.shouldCommit()) {
      event.path = path;
      event.promise = promise;
      event.reason = reason;
      event.commit();
    }
  }

  static void published(String path, String strategy, long nanoseconds) {
    Published event = new Published();
    if (event.shouldCommit()) {
      event.path = path;
      event.strategy = strategy;
      event.time = nanoseconds;
      event.commit();
    }
  }

  static void raced(String path, String what) {
    Raced event = new Raced();
    if (event.shouldCommit()) {
      event.path = path;
      event.what = what;
      event.commit();
    }
  }

  /** A promise was given up. */
  @Name("dev.safefs.Downgrade")
  @Label("Downgrade")
  @Category("SafeFS")
  @Description("A promise could not be kept, and the operation went on as the JDK would")
  static final class Downgraded extends Event {
    @Label("Path")
    String path = "";

    @Label("Promise")
    String promise = "";

    @Label("Reason")
    String reason = "";
  }

  /** A file was published. */
  @Name("dev.safefs.Publish")
  @Label("Publish")
  @Category("SafeFS")
  @Description("A pending file got its name")
  @StackTrace(false)
  static final class Published extends Event {
    @Label("Path")
    String path = "";

    @Label("Strategy")
    String strategy = "";

    @Label("Time")
    @Description("From commit to the end of the last sync")
    @Timespan
    long time;
  }

  /** Another process interfered. */
  @Name("dev.safefs.Race")
  @Label("Race")
  @Category("SafeFS")
  @Description("Another process interfered, and it was noticed")
  static final class Raced extends Event {
    @Label("Path")
    String path = "";

    @Label("What")
    String what = "";
  }
}
