package dev.safefs.op;

import java.io.IOException;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.channels.FileLock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An asynchronous channel on a pending file that publishes it when closed. As {@link
 * PublishingChannel}; an operation that has not completed when the channel is closed poisons it.
 */
final class PublishingAsynchronousChannel extends AsynchronousFileChannel implements Abandonable {
  private final PendingWrite write;
  private final AsynchronousFileChannel delegate;
  private final Cleaner.Cleanable cleanable;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean over;

  PublishingAsynchronousChannel(PendingWrite write, AsynchronousFileChannel delegate) {
    this.write = write;
    this.delegate = delegate;
    this.cleanable = Abandonment.watch(this, write.succession(), write.at()::close, delegate);
  }

  @Override
  public void abandon() throws IOException {
    if (!closed.get()) {
      try {
        write.abandon(delegate);
      } finally {
        // It keeps this class, and so its class loader.
        cleanable.clean();
      }
      close();
    }
  }

  /** What a completion does to the pending file. */
  private enum Effect {
    NONE,
    WRITES
  }

  /** An operation of the delegate that reports to a handler. */
  private interface Operation<T> {
    void start(CompletionHandler<T, @Nullable Void> handler);
  }

  /** Where the result of an operation goes. */
  private interface Sink<T> {
    void completed(T result);

    void failed(Throwable failure);
  }

  /** Starts an operation and watches over it until it completes. */
  private <T> void start(Effect effect, Sink<T> sink, Operation<T> operation) {
    Lifecycle lifecycle = write.lifecycle();
    try {
      lifecycle.enter();
    } catch (IOException e) {
      sink.failed(e);
      return;
    }
    Watching<T> watching = new Watching<>(this, effect, sink, new AtomicBoolean(true));
    try {
      operation.start(watching);
    } catch (RuntimeException | Error e) {
      watching.notStarted(e);
      throw e;
    }
  }

  /** Passes a completion on. Holds the channel, so that it is not collected before. */
  private record Watching<T>(
      PublishingAsynchronousChannel channel, Effect effect, Sink<T> sink, AtomicBoolean running)
      implements CompletionHandler<T, @Nullable Void> {

    /** Ends the call, once: an executor may complete it in its caller, and throw after that. */
    private void leave() {
      if (running.compareAndSet(true, false)) {
        channel.write.lifecycle().leave();
      }
    }

    /** Ends a call that will not complete. */
    void notStarted(Throwable failure) {
      if (effect == Effect.WRITES && running.get()) {
        channel.write.lifecycle().poison(failure);
      }
      leave();
    }

    @Override
    public void completed(T result, @Nullable Void attachment) {
      try {
        if (effect == Effect.WRITES) {
          channel.write.written();
        }
      } catch (IOException | RuntimeException | Error e) {
        failed(e, attachment);
        return;
      }
      leave();
      sink.completed(result);
    }

    @Override
    public void failed(Throwable failure, @Nullable Void attachment) {
      if (effect == Effect.WRITES) {
        channel.write.lifecycle().poison(failure);
      }
      leave();
      sink.failed(failure);
    }
  }

  /** Writes all of a buffer, or fails, as {@link PublishingChannel} does. */
  private final class Whole implements CompletionHandler<Integer, Integer> {
    private final ByteBuffer src;
    private final long position;
    private final CompletionHandler<Integer, @Nullable Void> all;

    Whole(ByteBuffer src, long position, CompletionHandler<Integer, @Nullable Void> all) {
      this.src = src;
      this.position = position;
      this.all = all;
    }

    void write(int written) {
      delegate.write(src, position + written, written, this);
    }

    @Override
    public void completed(Integer taken, Integer before) {
      int written = before + taken;
      if (!src.hasRemaining()) {
        all.completed(written, null);
      } else if (taken <= 0) {
        failed(new IOException("nothing more is written"), written);
      } else {
        rest(written);
      }
    }

    private void rest(int written) {
      try {
        write(written);
      } catch (RuntimeException | Error e) {
        failed(e, written);
      }
    }

    @Override
    public void failed(Throwable failure, Integer before) {
      all.failed(failure, null);
    }
  }

  /** Passes results to a user's handler. */
  private record HandlerSink<T, A>(CompletionHandler<T, ? super A> handler, A attachment)
      implements Sink<T> {
    @Override
    public void completed(T result) {
      handler.completed(result, attachment);
    }

    @Override
    public void failed(Throwable failure) {
      handler.failed(failure, attachment);
    }
  }

  /**
   * A user's future. Cancelled with interruption it closes the delegate's channel, as the JDK does.
   */
  private final class FutureSink<T> extends CompletableFuture<T> implements Sink<T> {
    @Override
    public void completed(T result) {
      complete(result);
    }

    @Override
    public void failed(Throwable failure) {
      completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      if (cancelled) {
        write.lifecycle().poison(new java.util.concurrent.CancellationException());
      }
      if (cancelled && mayInterruptIfRunning) {
        try {
          delegate.close();
        } catch (IOException e) {
          write.lifecycle().poison(e);
        }
      }
      return cancelled;
    }
  }

  private <T> Future<T> future(Effect effect, Operation<T> operation) {
    FutureSink<T> future = new FutureSink<>();
    start(effect, future, operation);
    return future;
  }

  private static <T, A> Sink<T> sink(CompletionHandler<T, ? super A> handler, A attachment) {
    if (handler == null) {
      throw new NullPointerException("'handler' is null");
    }
    return new HandlerSink<>(handler, attachment);
  }

  @Override
  public <A> void read(
      ByteBuffer dst, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    start(
        Effect.NONE,
        sink(handler, attachment),
        watching -> delegate.read(dst, position, null, watching));
  }

  @Override
  public Future<Integer> read(ByteBuffer dst, long position) {
    return future(Effect.NONE, watching -> delegate.read(dst, position, null, watching));
  }

  @Override
  public <A> void write(
      ByteBuffer src, long position, A attachment, CompletionHandler<Integer, ? super A> handler) {
    Sink<Integer> sink = sink(handler, attachment);
    ChannelArguments.at(src, position);
    start(Effect.WRITES, sink, watching -> new Whole(src, position, watching).write(0));
  }

  @Override
  public Future<Integer> write(ByteBuffer src, long position) {
    ChannelArguments.at(src, position);
    return future(Effect.WRITES, watching -> new Whole(src, position, watching).write(0));
  }

  @Override
  public <A> void lock(
      long position,
      long size,
      boolean shared,
      A attachment,
      CompletionHandler<FileLock, ? super A> handler) {
    Sink<FileLock> sink = sink(handler, attachment);
    start(
        Effect.NONE, ours(sink), watching -> delegate.lock(position, size, shared, null, watching));
  }

  @Override
  public Future<FileLock> lock(long position, long size, boolean shared) {
    FutureSink<FileLock> future = new FutureSink<>();
    start(
        Effect.NONE,
        ours(future),
        watching -> delegate.lock(position, size, shared, null, watching));
    return future;
  }

  /** Returns a sink that makes the delegate's lock ours. */
  private Sink<FileLock> ours(Sink<FileLock> sink) {
    return new MappingSink<>(sink, lock -> new ForwardingLock(this, lock));
  }

  /** Converts a result. */
  private record MappingSink<T>(Sink<T> sink, Function<T, T> mapping) implements Sink<T> {
    @Override
    public void completed(T result) {
      sink.completed(mapping.apply(result));
    }

    @Override
    public void failed(Throwable failure) {
      sink.failed(failure);
    }
  }

  @Override
  public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
    FileLock lock =
        write.lifecycle().reading(delegate, () -> delegate.tryLock(position, size, shared));
    return lock == null ? null : new ForwardingLock(this, lock);
  }

  @Override
  public long size() throws IOException {
    return write.lifecycle().reading(delegate, delegate::size);
  }

  @Override
  public AsynchronousFileChannel truncate(long size) throws IOException {
    write
        .lifecycle()
        .writing(
            () -> ChannelArguments.notNegative(size),
            () -> {
              delegate.truncate(size);
              write.written();
              return size;
            });
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    write.force(() -> delegate.force(metaData));
  }

  @Override
  public boolean isOpen() {
    return !closed.get() && delegate.isOpen();
  }

  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      write.finish(delegate);
    } finally {
      cleanable.clean();
      over = true;
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }
}
