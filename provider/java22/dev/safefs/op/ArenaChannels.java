package dev.safefs.op;

import java.nio.channels.FileChannel;
import java.util.function.BiFunction;

/** Makes {@link ArenaChannel}s. {@link PublishingChannels} knows this class by its name only. */
final class ArenaChannels implements BiFunction<PendingWrite, FileChannel, PublishingChannel> {
  /** Creates it. */
  ArenaChannels() {}

  @Override
  public PublishingChannel apply(PendingWrite write, FileChannel delegate) {
    return new ArenaChannel(write, delegate);
  }
}
