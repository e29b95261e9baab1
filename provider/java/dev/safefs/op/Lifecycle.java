package dev.safefs.op;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonReadableChannelException;
import java.nio.file.FileSystemException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Watches over the use of a pending file: what fails poisons it, and a poisoned one is never
 * published. Promise W2. Safe for use by several threads.
 */
final class Lifecycle {
  private int running;
  private boolean ended;
  private @Nullable Throwable first;

  /** A call that is watched over. */
  @FunctionalInterface
  interface Call<T> {
    /** Runs it. */
    T run() throws IOException;
  }

  /**
   * Runs a call whose failure leaves the content as it was, unless it closed the channel.
   *
   * @param channel on the content
   */
  <T> T reading(Channel channel, Call<T> call) throws IOException {
    enter();
    try {
      return call.run();
    } catch (ClosedChannelException e) {
      // Not of the other channel of a transfer.
      if (!channel.isOpen()) {
        poisonIfOpen(e);
      }
      throw e;
    } finally {
      leave();
    }
  }

  /**
   * Runs a call whose failure leaves the content in doubt, whatever it is: a delegate's own may be
   * of any class.
   *
   * @param arguments refuses what the caller got wrong, before anything is done
   */
  <T> T writing(Runnable arguments, Call<T> call) throws IOException {
    return poisoning(arguments, call, Lifecycle::isUnreadable);
  }

  /** Runs a call that maps the content, as {@link #writing}; a channel may have no maps. */
  <T> T mapping(Runnable arguments, Call<T> call) throws IOException {
    return poisoning(
        arguments, call, e -> e instanceof UnsupportedOperationException || isUnreadable(e));
  }

  private <T> T poisoning(Runnable arguments, Call<T> call, Predicate<Throwable> isRefusal)
      throws IOException {
    enter();
    try {
      arguments.run();
      return unlessRefused(call, isRefusal);
    } finally {
      leave();
    }
  }

  private <T> T unlessRefused(Call<T> call, Predicate<Throwable> isRefusal) throws IOException {
    try {
      return call.run();
    } catch (IOException | RuntimeException | Error e) {
      if (!isRefusal.test(e)) {
        poison(e);
      }
      throw e;
    }
  }

  /** Tells whether what is mapped or transferred is not open to be read: nothing was begun. */
  private static boolean isUnreadable(Throwable failure) {
    return failure instanceof NonReadableChannelException;
  }

  /** Begins a call that ends elsewhere. */
  synchronized void enter() throws ClosedChannelException {
    if (ended) {
      throw new ClosedChannelException();
    }
    running++;
  }

  /** Ends a call. */
  synchronized void leave() {
    running--;
  }

  /** Keeps the first failure. */
  synchronized void poison(Throwable failure) {
    if (first == null) {
      first = failure;
    }
  }

  /** Ends the use: no call begins any more, and one that is running is a failure. */
  synchronized void end() {
    ended = true;
    if (running > 0) {
      poison(new AsynchronousCloseException());
    }
  }

  /**
   * Passes only if nothing failed.
   *
   * @param path the user's path
   * @throws FileSystemException naming the first failure, which is its cause
   */
  synchronized void check(String path) throws FileSystemException {
    if (first != null) {
      FileSystemException failure =
          new FileSystemException(
              path, null, "not published, because of an earlier failure: " + first);
      failure.initCause(first);
      throw failure;
    }
  }

  private synchronized void poisonIfOpen(ClosedChannelException failure) {
    if (!ended) {
      poison(failure);
    }
  }
}
