package dev.safefs.op;

import java.io.Closeable;
import java.io.IOException;
import java.lang.ref.Cleaner;

/**
 * Frees what a channel holds that was collected without having been closed. Nothing is published
 * then. Promise W2.
 */
final class Abandonment {

  private Abandonment() {}

  /** Created on first use, because it starts a thread. */
  private static final class Reaper {
    static final Cleaner CLEANER = Cleaner.create();
  }

  /**
   * Watches over a channel.
   *
   * @param channel what may be abandoned
   * @param resources what to close then, once; none refers to the channel
   */
  static Cleaner.Cleanable watch(Object channel, Closeable... resources) {
    return Reaper.CLEANER.register(
        channel,
        () -> {
          for (Closeable resource : resources) {
            closeQuietly(resource);
          }
        });
  }

  private static void closeQuietly(Closeable resource) {
    try {
      resource.close();
    } catch (IOException | RuntimeException | Error e) {
      // Nobody is left to be told; what could not be removed is marked for a sweep.
      return;
    }
  }
}
