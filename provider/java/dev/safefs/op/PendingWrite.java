package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Identity;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.op.Succession.Given;
import dev.safefs.op.Succession.Settling;
import dev.safefs.request.OpenFlag;
import dev.safefs.request.OpenRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A write of a whole file that is under way. Promises W1 to W4 and W7.
 *
 * <p>In its explicit form, which {@link #open} gives, it is published by {@link #commit} and by
 * nothing else:
 *
 * <pre>{@code
 * try (PendingWrite write = PendingWrite.open(place, request)) {
 *   body.accept(write.channel());
 *   write.commit();
 * }
 * }</pre>
 *
 * <p><i>Atomicity:</i> a reader of the name sees the old file, or none, until it sees the new one
 * whole. <i>Durability:</i> as the request says; the same holds after a crash. Safe for use by
 * several threads.
 */
public final class PendingWrite implements Closeable {
  private final String path;
  private final ParentRef at;
  private final Succession succession;
  private final Form form;
  private final EachWrite eachWrite;
  private final Lifecycle lifecycle = new Lifecycle();
  private @Nullable FileChannel channel;
  private @Nullable Throwable unsettled;
  private volatile boolean published;
  private volatile Optional<Stat> forcedAs = Optional.empty();

  /** Read without the monitor: a commit has that, and waits for a close of the channel. */
  private volatile boolean closed;

  /** What publishes. */
  enum Form {
    /** The end of the channel, and a force. */
    BY_CHANNEL,
    /** A commit. */
    EXPLICIT
  }

  /** What happens after a write. */
  private enum EachWrite {
    STAYS_PENDING,
    IS_FORCED
  }

  private PendingWrite(
      Place place, OpenRequest request, ParentRef at, Succession succession, Form form) {
    this.path = place.display();
    this.at = at;
    this.succession = succession;
    this.form = form;
    boolean synchronous =
        request.flags().contains(OpenFlag.SYNC) || request.flags().contains(OpenFlag.DSYNC);
    this.eachWrite =
        synchronous && form == Form.BY_CHANNEL ? EachWrite.IS_FORCED : EachWrite.STAYS_PENDING;
  }

  /**
   * Begins a write in its explicit form.
   *
   * @param place the file's
   * @param request for writing; without {@code TRUNCATE} the pending file begins as a copy of the
   *     old one
   * @return to be closed, committed or not
   * @throws dev.safefs.GuaranteeUnavailableException if the file cannot be published as a whole: a
   *     special file, one with other names under {@code hardLinks=IN_PLACE}, or a promise that the
   *     mount cannot keep
   * @throws java.nio.file.AccessDeniedException if the file, or a new one's directory, may not be
   *     written
   * @throws IOException if the write cannot begin
   */
  public static PendingWrite open(Place place, OpenRequest request) throws IOException {
    return UserPath.in(
        place.display(),
        () -> WholeFile.open(place, request, Form.EXPLICIT, new Explicit(place, request)));
  }

  /** Connects a write to its channel, for its user to commit. */
  private record Explicit(Place place, OpenRequest request)
      implements WholeFile.Opening<PendingWrite> {
    @Override
    public PendingWrite pending(PendingWrite write) throws IOException {
      write.channel =
          PublishingChannels.open(write, write.file().channel(request.channelOptions()));
      return write;
    }

    @Override
    public PendingWrite inPlace(FileHandle file) throws IOException {
      throw new GuaranteeUnavailableException(
          place.display(), null, "W7: cannot be replaced as a whole, only be written in place");
    }
  }

  /**
   * Begins a write.
   *
   * @param at the name that will be published, owned once this returns
   * @param old the regular file that has it, if any; not owned
   */
  static PendingWrite begin(
      Place place, OpenRequest request, ParentRef at, Optional<Predecessor> old, Form form)
      throws IOException {
    return new PendingWrite(place, request, at, Succession.begin(place, request, at, old), form);
  }

  /**
   * Returns the channel on the pending file. Its {@code force} makes content durable and publishes
   * nothing; closing it publishes nothing either. A failure of one of its methods makes {@link
   * #commit} fail.
   *
   * @return the channel, closed by {@link #commit} and {@link #close}
   */
  public FileChannel channel() {
    if (channel == null) {
      throw new IllegalStateException("not in explicit form");
    }
    return channel;
  }

  /**
   * Publishes the file.
   *
   * @throws FileSystemException if an operation of the channel failed before, which is the cause;
   *     nothing was published
   * @throws java.nio.file.FileAlreadyExistsException if the request was {@code CREATE_NEW} and
   *     another was first
   * @throws IllegalStateException if it was committed or closed before
   * @throws IOException if it could not be published, or not be made durable
   */
  public void commit() throws IOException {
    prepare();
    give();
    settleName();
  }

  /** Ends the writing and makes the content durable. The first of three steps of a commit. */
  synchronized void prepare() throws IOException {
    if (closed || published) {
      throw new IllegalStateException(published ? "already committed" : "already closed");
    }
    channel().close();
    lifecycle.check(path);
    try {
      succession.prepare(Settling.AS_ASKED);
    } catch (IOException | RuntimeException | Error e) {
      lifecycle.poison(e);
      throw e;
    }
  }

  /** Gives the name. The second step. */
  synchronized void give() throws IOException {
    try {
      succession.give();
      published = true;
    } catch (IOException | RuntimeException | Error e) {
      lifecycle.poison(e);
      throw e;
    }
  }

  /**
   * Makes the name durable. The third step, which one of several files in a directory takes for
   * all.
   */
  synchronized void settleName() throws IOException {
    UserPath.of(path, succession.pending()::settleName);
  }

  /** Returns which directory the name is in. */
  Identity directory() throws IOException {
    return UserPath.in(path, () -> at.dir().stat().identity());
  }

  /** Returns the directory and name. */
  ParentRef at() {
    return at;
  }

  Succession succession() {
    return succession;
  }

  boolean isClosed() {
    return closed;
  }

  FileHandle file() {
    return succession.pending().file();
  }

  /** Returns the file that a force has published, and the channel is on. */
  Optional<Stat> forcedAs() {
    return forcedAs;
  }

  Lifecycle lifecycle() {
    return lifecycle;
  }

  /**
   * Runs a force of the channel: publishes, or, where that is all that is needed, does as the
   * channel does.
   */
  void force(Cleanup.Step inPlace) throws IOException {
    lifecycle.writing(
        ChannelArguments::none,
        () -> {
          if (isForcedInPlace()) {
            inPlace.take();
          } else {
            force();
          }
          return this;
        });
  }

  /** Tells whether a force of the channel is all that is needed. */
  private boolean isForcedInPlace() {
    return published || (form == Form.EXPLICIT && file().mayBeSynced());
  }

  /** Is told that something was written. */
  void written() throws IOException {
    if (eachWrite == EachWrite.IS_FORCED && !published) {
      force();
    }
  }

  /**
   * Publishes what is written so far, durably, whatever the durability is. The channel goes on in
   * place, or, where nothing can be renamed over the old file, on the pending file, whose content
   * the next force or the end copies once more. Promise W3.
   */
  synchronized void force() throws IOException {
    if (published) {
      return;
    }
    lifecycle.check(path);
    if (!file().mayBeSynced()) {
      succession.withoutForce();
      return;
    }
    long begin = System.nanoTime();
    try {
      succession.prepare(Settling.ALWAYS);
      Stat forced = succession.pending().made();
      if (succession.give() == Given.CONTENT) {
        return;
      }
      forcedAs = Optional.of(forced);
      published = true;
      UserPath.of(path, this::settleForced);
      if (succession.pending().wasCopied()) {
        throw new FileSystemException(
            path, null, "published, but this mount does not let the channel go on");
      }
      recorded(begin);
      close();
    } catch (IOException | RuntimeException | Error e) {
      if (published) {
        unsettled = e;
      }
      throw e;
    }
  }

  private void settleForced() throws IOException {
    if (!at.dir().capabilities().mayHave(Capability.SYNC_ANONYMOUS)) {
      file().sync(SyncScope.CONTENT_AND_ATTRIBUTES);
    }
    succession.pending().syncName();
  }

  /** Ends the writing by a channel: publishes, unless something failed. */
  void finish(Closeable delegate) throws IOException {
    lifecycle.end();
    try {
      delegate.close();
    } catch (IOException e) {
      lifecycle.poison(e);
    } catch (RuntimeException | Error e) {
      lifecycle.poison(e);
      if (form == Form.BY_CHANNEL) {
        Cleanup.close(this, e);
      }
      throw e;
    }
    if (form == Form.BY_CHANNEL) {
      finish();
    }
  }

  /**
   * Ends the writing because the file system is closed. What is pending is gone, and {@link
   * #finish(Closeable)} is to say so once more, to whoever writes.
   *
   * @throws IOException as the end by a channel: not if the file is published
   */
  void abandon(Closeable delegate) throws IOException {
    lifecycle.poison(new ClosedFileSystemException());
    finish(delegate);
  }

  private synchronized void finish() throws IOException {
    try (PendingWrite self = this) {
      Throwable earlier = self.unsettled;
      if (earlier != null) {
        throw unsettled(earlier);
      }
      if (!published) {
        long begin = System.nanoTime();
        lifecycle.check(path);
        succession.prepare(Settling.AS_ASKED);
        give();
        settleName();
        recorded(begin);
      }
    }
  }

  private FileSystemException unsettled(Throwable cause) {
    FileSystemException failure =
        new FileSystemException(
            path,
            null,
            "published, but maybe not durable, because of an earlier failure: " + cause);
    failure.initCause(cause);
    return failure;
  }

  private void recorded(long begin) {
    FlightRecorder.published(path, succession.pending().strategy(), System.nanoTime() - begin);
  }

  /** Releases everything. What was not published is gone. Does nothing the second time. */
  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    Channel open = channel;
    if (open == null) {
      Cleanup.all(succession::close, at::close);
    } else {
      Cleanup.all(open::close, succession::close, at::close);
    }
  }
}
