package dev.safefs.op;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/**
 * What a channel forwards on Java 22 and later. {@link PublishingChannels} tells why it is a class
 * of its own.
 */
final class ArenaChannel extends PublishingChannel {

  ArenaChannel(PendingWrite write, FileChannel delegate) {
    super(write, delegate);
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    return mapping(
        () -> {
          ChannelArguments.mapped(mode, offset, size, Long.MAX_VALUE);
          // Asked of it: it may be closed, or another thread's.
          arena.allocate(0);
        },
        () -> delegate().map(mode, offset, size, arena));
  }
}
