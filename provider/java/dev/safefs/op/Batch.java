package dev.safefs.op;

import dev.safefs.handle.Identity;
import dev.safefs.request.OpenRequest;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whole files that are written one by one and published together, with one sync for each directory.
 * Promise W6.
 *
 * <p><i>Atomicity:</i> each file for itself: a reader may see some new and some old. Safe for use
 * by several threads.
 */
public final class Batch implements Closeable {
  private final List<PendingWrite> writes = new ArrayList<>();
  private State state = State.OPEN;

  private enum State {
    OPEN,
    COMMITTED,
    CLOSED
  }

  /**
   * What a commit did.
   *
   * @param published those that readers see now, in the order they were added
   * @param failure the first, of whatever class, with later ones suppressed; empty if all were
   *     published and made durable
   */
  public record Result(List<PendingWrite> published, Optional<Throwable> failure) {
    /** Copies the list. */
    public Result {
      published = List.copyOf(published);
    }

    /**
     * Throws the failure, if there is one.
     *
     * @throws IOException if it is one
     */
    public void check() throws IOException {
      Cleanup.rethrow(failure.orElse(null));
    }
  }

  /**
   * Begins the write of one more file.
   *
   * @param place the file's
   * @param request as for {@link PendingWrite#open}
   * @return owned by the batch
   * @throws IllegalStateException if it was committed or closed before
   * @throws IOException as for {@link PendingWrite#open}
   */
  public synchronized PendingWrite add(Place place, OpenRequest request) throws IOException {
    requireOpen();
    PendingWrite write = PendingWrite.open(place, request);
    writes.add(write);
    return write;
  }

  /**
   * Publishes: all contents are made durable, then all names given, in the order the files were
   * added, then all directories synced. A content that cannot be made durable publishes none; a
   * name that cannot be given ends the giving.
   *
   * @return what was published
   * @throws IllegalStateException if it was committed or closed before
   */
  public synchronized Result commit() {
    requireOpen();
    state = State.COMMITTED;
    try {
      for (PendingWrite write : writes) {
        write.prepare();
      }
    } catch (IOException | RuntimeException | Error e) {
      return new Result(List.of(), Optional.of(e));
    }
    List<PendingWrite> published = new ArrayList<>();
    Throwable failure = null;
    try {
      for (PendingWrite write : writes) {
        write.give();
        published.add(write);
      }
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
    }
    return new Result(published, settle(published, Optional.ofNullable(failure)));
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new IllegalStateException("already " + state.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Syncs each directory once, and returns the first failure. */
  private static Optional<Throwable> settle(
      List<PendingWrite> published, Optional<Throwable> before) {
    Optional<Throwable> first = before;
    try {
      for (PendingWrite write : oneOfEachDirectory(published)) {
        try {
          write.settleName();
        } catch (IOException | RuntimeException | Error e) {
          first = Optional.of(joined(first, e));
        }
      }
    } catch (IOException | RuntimeException | Error e) {
      first = Optional.of(joined(first, e));
    }
    return first;
  }

  private static List<PendingWrite> oneOfEachDirectory(List<PendingWrite> published)
      throws IOException {
    Map<Identity, PendingWrite> directories = new LinkedHashMap<>();
    for (PendingWrite write : published) {
      if (write.succession().pending().isNameToBeSynced()) {
        directories.putIfAbsent(write.directory(), write);
      }
    }
    return List.copyOf(directories.values());
  }

  private static Throwable joined(Optional<Throwable> first, Throwable next) {
    return first.map(earlier -> Cleanup.suppress(earlier, next)).orElse(next);
  }

  /**
   * Releases everything. What was not published is gone.
   *
   * @throws IOException if something staged could not be removed
   */
  @Override
  public synchronized void close() throws IOException {
    state = State.CLOSED;
    Cleanup.all(
        writes.stream().map(write -> (Cleanup.Step) write::close).toArray(Cleanup.Step[]::new));
  }
}
