package dev.safefs.op;

import java.nio.channels.FileChannel;

/**
 * Makes the channel for this Java version. Java 22 has a twin of this class; its channel forwards
 * more.
 */
final class PublishingChannels {

  private PublishingChannels() {}

  /** Returns a channel that publishes what is written to {@code delegate}. */
  static PublishingChannel open(PendingWrite write, FileChannel delegate) {
    return new PublishingChannel(write, delegate);
  }
}
