package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import dev.safefs.request.Access;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/**
 * A directory of this process's own, made in another one, held by handle, marked as in use. Closing
 * it removes it.
 */
final class PrivateDir implements AutoCloseable {
  private static final int PRIVATE = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int WRITABLE_BY_OTHERS = 0022;

  /** Each try fails only if a sweep or an attacker comes across within a few microseconds. */
  private static final int TRIES = 16;

  private final Dir parent;
  private final Name name;
  private final Dir dir;
  private final FileHandle handle;
  private final Stat stat;

  private PrivateDir(Dir parent, Name name, Dir dir, FileHandle handle, Stat stat) {
    this.parent = parent;
    this.name = name;
    this.dir = dir;
    this.handle = handle;
    this.stat = stat;
  }

  /** Makes one in a directory, which is not owned and is to stay open. */
  static PrivateDir make(Dir parent, TempNames.Kind kind) throws IOException {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      Name name = TempNames.fresh(kind);
      if (parent.mkdir(name, PRIVATE) == CreateResult.CREATED) {
        Optional<PrivateDir> made = open(parent, name, attempt > 0);
        if (made.isPresent()) {
          return made.get();
        }
      }
    }
    throw new RaceDetectedException(
        parent.display(TempNames.fresh(kind)),
        null,
        "private directory taken away " + TRIES + " times");
  }

  /**
   * Opens what was made, or returns empty if it is not there any more, or was found by a sweep
   * before it was marked. Where there are no marks nobody sweeps, and the second one made is taken
   * without.
   */
  private static Optional<PrivateDir> open(Dir parent, Name name, boolean unmarkedToo)
      throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Dir dir = scope.add(parent.openDir(name));
      FileHandle marked = scope.add(readable(dir));
      Stat stat = marked.stat();
      if (stat.owner() != ownUser(dir) || (stat.mode() & WRITABLE_BY_OTHERS) != 0) {
        throw new RaceDetectedException(
            parent.display(name), null, "private directory was exchanged");
      }
      boolean isMarked = marked.tryLock().isPresent();
      if (!isNamed(parent, name, stat)) {
        return Optional.empty();
      }
      if (!isMarked && !unmarkedToo) {
        Cleanup.twice(() -> parent.rmdir(name));
        return Optional.empty();
      }
      scope.release();
      return Optional.of(new PrivateDir(parent, name, dir, marked, stat));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      Cleanup.close(() -> Cleanup.twice(() -> parent.rmdir(name)), e);
      throw e;
    }
  }

  /** Returns the user that files made in a directory belong to, which a server may map. */
  static int ownUser(Dir dir) throws IOException {
    Optional<FileHandle> anonymous = dir.anonymous(PRIVATE_FILE);
    if (anonymous.isPresent()) {
      try (FileHandle file = anonymous.get()) {
        return file.stat().owner();
      }
    }
    Name name = TempNames.fresh(TempNames.Kind.FILE);
    Optional<FileHandle> created = dir.create(name, PRIVATE_FILE);
    if (created.isEmpty()) {
      throw new RaceDetectedException(dir.display(name), null, "a random name is taken");
    }
    try (FileHandle file = created.get()) {
      return file.stat().owner();
    } finally {
      Cleanup.twice(() -> dir.unlink(name));
    }
  }

  Dir dir() {
    return dir;
  }

  @Override
  public void close() throws IOException {
    Cleanup.all(() -> Cleanup.twice(this::remove), dir::close, handle::close);
  }

  /**
   * Removes it if it still has its name: where others can rename it away, what is there now is not
   * ours.
   */
  private void remove() throws IOException {
    if (isNamed(parent, name, stat)) {
      parent.rmdir(name);
    }
  }

  private static boolean isNamed(Dir parent, Name name, Stat stat) throws IOException {
    Optional<Stat> there = parent.stat(name);
    return there.isPresent() && there.get().isSameFile(stat);
  }

  private static FileHandle readable(Dir dir) throws IOException {
    try (FileHandle self = dir.self()) {
      return self.reopen(Access.READ);
    }
  }
}
