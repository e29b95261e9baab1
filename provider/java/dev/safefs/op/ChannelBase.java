package dev.safefs.op;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * What a file channel has to forward on this Java version. Java 22 has a twin of this class that
 * forwards more.
 */
abstract class ChannelBase extends FileChannel {

  /** Returns the channel that does the work. */
  abstract FileChannel delegate();

  /** Runs a call that may change the content. */
  abstract <T> T writing(Lifecycle.Call<T> call) throws IOException;
}
