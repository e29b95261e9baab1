package dev.safefs.op;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;

/** What a file channel has to forward on Java 22 and later. */
abstract class ChannelBase extends FileChannel {

  /** Returns the channel that does the work. */
  abstract FileChannel delegate();

  /** Runs a call that may change the content. */
  abstract <T> T writing(Lifecycle.Call<T> call) throws IOException;

  @Override
  public MemorySegment map(MapMode mode, long offset, long size, Arena arena) throws IOException {
    return writing(() -> delegate().map(mode, offset, size, arena));
  }
}
