package dev.safefs.op;

import java.nio.channels.FileChannel;

/** Makes the channel for Java 22 and later. */
final class PublishingChannels {

  private PublishingChannels() {}

  /** Returns a channel that publishes what is written to {@code delegate}. */
  static PublishingChannel open(PendingWrite write, FileChannel delegate) {
    return new ArenaChannel(write, delegate);
  }
}
