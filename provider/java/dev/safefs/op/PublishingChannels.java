package dev.safefs.op;

import java.nio.channels.FileChannel;
import java.util.function.BiFunction;

/**
 * Makes the channel for this Java version. On Java 22 and later it maps into an {@code Arena}; its
 * classes lie beside this one, so that a jar on the boot class path has them, and nothing may refer
 * to them statically.
 */
final class PublishingChannels {
  private static final String ARENA_CHANNELS = "dev.safefs.op.ArenaChannels";
  private static final int FIRST_JAVA_WITH_ARENAS = 22;
  private static final BiFunction<PendingWrite, FileChannel, PublishingChannel> FACTORY = factory();

  private PublishingChannels() {}

  /** Returns a channel that publishes what is written to {@code delegate}. */
  static PublishingChannel open(PendingWrite write, FileChannel delegate) {
    return FACTORY.apply(write, delegate);
  }

  @SuppressWarnings("unchecked")
  private static BiFunction<PendingWrite, FileChannel, PublishingChannel> factory() {
    if (Runtime.version().feature() < FIRST_JAVA_WITH_ARENAS) {
      return PublishingChannel::new;
    }
    try {
      return (BiFunction<PendingWrite, FileChannel, PublishingChannel>)
          Class.forName(ARENA_CHANNELS).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      // Built on a Java before 22.
      return PublishingChannel::new;
    }
  }
}
