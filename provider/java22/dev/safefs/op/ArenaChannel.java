package dev.safefs.op;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/**
 * What a channel forwards on Java 22 and later. A class of its own: a multi-release jar may not
 * give a class of its base part another method.
 */
final class ArenaChannel extends PublishingChannel {

  ArenaChannel(PendingWrite write, FileChannel delegate) {
    super(write, delegate);
  }

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    return writing(() -> delegate().map(mode, offset, size, arena));
  }
}
