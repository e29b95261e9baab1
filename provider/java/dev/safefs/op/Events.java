package dev.safefs.op;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
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

  static void copied(String source, String target, long bytes, long nanoseconds) {
    Copied event = new Copied();
    if (event.shouldCommit()) {
      event.source = source;
      event.target = target;
      event.bytes = bytes;
      event.time = nanoseconds;
      event.commit();
    }
  }

  static void retried(String path, int number) {
    Retried event = new Retried();
    if (event.shouldCommit()) {
      event.path = path;
      event.number = number;
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

  /** A file was copied. */
  @Name("dev.safefs.Copy")
  @Label("Copy")
  @Category("SafeFS")
  @Description("A file was copied, or a link, a directory or a special file made like another one")
  @StackTrace(false)
  static final class Copied extends Event {
    @Label("Source")
    String source = "";

    @Label("Target")
    String target = "";

    @Label("Bytes")
    @Description("Size of the source when it was opened")
    @DataAmount
    long bytes;

    @Label("Time")
    @Description("From the open source to the finished target")
    @Timespan
    long time;
  }

  /** Something is tried once more. */
  @Name("dev.safefs.Retry")
  @Label("Retry")
  @Category("SafeFS")
  @Description("Others changed a name in between, so the operation looks and tries again")
  static final class Retried extends Event {
    @Label("Path")
    String path = "";

    @Label("Number")
    @Description("Of the try that begins; the first one is not recorded")
    int number;
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
