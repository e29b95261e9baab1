package dev.safefs.op;

import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.request.Access;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * A turn among those who compare and swap names of one directory: two losers who take back at once
 * may each take the other's for what was there, and the winner's is lost. Promise L2.
 *
 * <p>An advisory lock of the directory, across processes, {@link FileHandle#tryLock}. It is a
 * courtesy and no guard: who may read the directory can hold it, so nobody waits for longer than a
 * quarter of a second, and goes on without.
 */
final class Turn implements AutoCloseable {
  private static final Duration LONGEST_WAIT = Duration.ofMillis(250);

  /** Random, so that two who see each other's lock do not meet again. */
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(1);

  private final Optional<FileHandle> locked;

  private Turn(Optional<FileHandle> locked) {
    this.locked = locked;
  }

  /**
   * Waits for the turn in a directory. Goes on without if it is not to be had: the directory may
   * not be read, another keeps it, or names are not exchanged here anyway.
   */
  static Turn take(Dir dir) throws IOException {
    return new Turn(
        dir.capabilities().mayHave(Capability.RENAME_EXCHANGE) ? lock(dir) : Optional.empty());
  }

  private static Optional<FileHandle> lock(Dir dir) throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      FileHandle handle = scope.add(readable(dir));
      long begin = System.nanoTime();
      Optional<Closeable> lock = handle.tryLock();
      while (lock.isEmpty() && System.nanoTime() - begin < LONGEST_WAIT.toNanos()) {
        pause();
        lock = handle.tryLock();
      }
      if (lock.isEmpty()) {
        return Optional.empty();
      }
      scope.release();
      return Optional.of(handle);
    } catch (AccessDeniedException e) {
      return Optional.empty();
    }
  }

  /** Tells whether others wait until this is closed. */
  boolean isExclusive() {
    return locked.isPresent();
  }

  /** Lets others go first, for a random moment. */
  static void pause() {
    LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE.toNanos()));
  }

  /** Opens a directory for reading, so that it can be locked. */
  static FileHandle readable(Dir dir) throws IOException {
    try (FileHandle self = dir.self()) {
      return self.reopen(Access.READ);
    }
  }

  /** Ends it: the lock goes with the handle. */
  @Override
  public void close() throws IOException {
    if (locked.isPresent()) {
      locked.get().close();
    }
  }
}
