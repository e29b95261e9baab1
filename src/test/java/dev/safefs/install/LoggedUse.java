package dev.safefs.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.StreamHandler;

/**
 * A program that comes upon the file system first when it opens its log, which {@code
 * java.util.logging} does under a lock, and in another thread at the same time. It imports nothing
 * of SafeFS.
 */
public final class LoggedUse {
  private static final long LIMIT_SECONDS = 30;

  private LoggedUse() {}

  /**
   * Runs it.
   *
   * @param arguments a directory that exists
   * @throws Exception if it fails
   */
  public static void main(String[] arguments) throws Exception {
    System.setProperty("directory", arguments[0]);
    Thread logger = daemon(() -> Logger.getLogger("program").info("first"));
    logger.join(TimeUnit.SECONDS.toMillis(LIMIT_SECONDS));
    if (logger.isAlive()) {
      System.err.println("still logging");
      // No exit: its hooks wait for the same lock.
      Runtime.getRuntime().halt(1);
    }
    System.out.println(
        Files.readString(Path.of(arguments[0], "other"))
            + Files.readString(Path.of(arguments[0], "log")));
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void write(String name) {
    try {
      Files.writeString(Path.of(System.getProperty("directory"), name), name + " is written;");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** A log that writes a file when it is opened. */
  public static final class FileLog extends StreamHandler {

    /** Lets the other thread have a start: it loads the engine, unless it waits for us. */
    public FileLog() throws InterruptedException {
      Thread other = daemon(() -> write("other"));
      other.join(TimeUnit.SECONDS.toMillis(2));
      write("log");
    }

    @Override
    public synchronized void publish(LogRecord record) {}
  }
}
