package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;

/**
 * A kind of channel.
 *
 * @param <C> its type
 */
interface Connector<C extends Channel> {

  /** Opens the delegate's channel on a file. */
  C connect(FileHandle file, Set<OpenOption> options) throws IOException;

  /** Is told which file an open channel is on that is not pending. */
  void opened(Stat stat);

  /** Wraps the delegate's channel on a pending file. */
  C publishing(PendingWrite write, C delegate);

  /**
   * Makes file channels.
   *
   * @param witness told which file was opened
   */
  record Synchronous(Consumer<Stat> witness) implements Connector<FileChannel> {
    @Override
    public void opened(Stat stat) {
      witness.accept(stat);
    }

    @Override
    public FileChannel connect(FileHandle file, Set<OpenOption> options) throws IOException {
      return file.channel(options);
    }

    @Override
    public FileChannel publishing(PendingWrite write, FileChannel delegate) {
      return PublishingChannels.open(write, delegate);
    }
  }

  /**
   * Makes asynchronous file channels.
   *
   * @param executor the caller's
   */
  record Asynchronous(Optional<ExecutorService> executor)
      implements Connector<AsynchronousFileChannel> {
    @Override
    public AsynchronousFileChannel connect(FileHandle file, Set<OpenOption> options)
        throws IOException {
      return file.asynchronousChannel(options, executor);
    }

    @Override
    public void opened(Stat stat) {
      // Nobody asks.
    }

    @Override
    public AsynchronousFileChannel publishing(
        PendingWrite write, AsynchronousFileChannel delegate) {
      return new PublishingAsynchronousChannel(write, delegate);
    }
  }
}
