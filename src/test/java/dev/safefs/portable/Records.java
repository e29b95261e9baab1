package dev.safefs.portable;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Takes down what is logged, as long as it is open. */
final class Records extends Handler implements AutoCloseable {
  /** Held, as the log's own reference is weak. */
  private static final Logger LOGGER = Logger.getLogger("dev.safefs");

  private final List<String> records = new ArrayList<>();

  Records() {
    LOGGER.addHandler(this);
  }

  /** Returns what was logged about a promise since the last call. */
  List<String> taken(String promise) {
    List<String> taken =
        records.stream().filter(record -> record.contains(": " + promise)).toList();
    records.clear();
    return taken;
  }

  @Override
  public void publish(LogRecord logged) {
    records.add(logged.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    LOGGER.removeHandler(this);
  }
}
