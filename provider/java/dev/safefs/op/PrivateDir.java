package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.Refusal;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A directory of this process's own, made in another one, held by handle, marked as in use. Closing
 * it removes it.
 */
final class PrivateDir implements AutoCloseable {
  private static final int PRIVATE = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int WRITABLE_BY_OTHERS = 0022;

  /**
   * Each fails only if a sweep or an attacker comes across within a few microseconds. Not bounded
   * by time, as {@link Tries} is: where there are no marks it is the second one that is taken, on a
   * server as slow as may be.
   */
  private static final int NAMES = 16;

  private static final String HIDDEN = ".fuse_hidden";
  private static final String HIDDEN_BY_NFS = ".nfs";
  private static final int PAUSES = 16;
  private static final int PATIENT_PAUSES = 4;
  private static final long FIRST_PAUSE_NANOSECONDS = 500_000;
  private static final long LONGEST_PAUSE_NANOSECONDS = 16_000_000;

  /** What becomes of one that could not be marked. */
  private enum Unmarked {
    GIVEN_UP,
    TAKEN
  }

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
    requireRemoval(parent);
    for (int attempt = 0; attempt < NAMES; attempt++) {
      Name name = TempNames.fresh(parent, kind);
      mkdir(parent, name);
      Optional<PrivateDir> made =
          open(parent, name, attempt == 0 ? Unmarked.GIVEN_UP : Unmarked.TAKEN);
      if (made.isPresent()) {
        return made.get();
      }
    }
    throw new RaceDetectedException(
        parent.display(TempNames.fresh(parent, kind)),
        null,
        "private directory taken away " + NAMES + " times");
  }

  /** Refuses to make names that could not be removed again, before one is made. */
  static void requireRemoval(Dir parent) throws FileSystemException {
    require(parent, Capability.REMOVE_NAME, "the directory is append-only");
    requireStorage(parent);
  }

  /** Refuses to make names where they are not for files: each might be a group of processes. */
  static void requireStorage(Dir parent) throws FileSystemException {
    require(parent, Capability.STORAGE, "no files are stored in the directory");
  }

  private static void require(Dir parent, Capability capability, String reason)
      throws FileSystemException {
    if (!parent.capabilities().mayHave(capability)) {
      Name name = TempNames.fresh(parent, TempNames.Kind.FILE);
      throw Refusal.NOT_PERMITTED.in(new FileSystemException(parent.display(name), null, reason));
    }
  }

  /**
   * Makes the directory. Nobody can foresee the name: if it is taken, or is there after a failure,
   * a server's reply was lost, and it is ours.
   */
  private static void mkdir(Dir parent, Name name) throws IOException {
    try {
      parent.mkdir(name, PRIVATE);
    } catch (FileSystemException e) {
      if (!isThere(parent, name, e)) {
        throw e;
      }
    }
  }

  private static boolean isThere(Dir parent, Name name, FileSystemException failure) {
    try {
      return parent.stat(name).isPresent();
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  /**
   * Opens what was made, or returns empty if it is not there any more, or was found by a sweep
   * before it was marked. Where there are no marks nobody sweeps, and the second one made is taken
   * without.
   */
  private static Optional<PrivateDir> open(Dir parent, Name name, Unmarked unmarked)
      throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Dir dir = scope.add(parent.openDir(name));
      FileHandle marked = scope.add(Turn.readable(dir));
      Stat stat = marked.stat();
      if (stat.owner() != ownUser(dir) || (isOpenToOthers(stat) && keepsModes(marked, stat))) {
        throw new RaceDetectedException(
            parent.display(name), null, "private directory was exchanged");
      }
      boolean isMarked = marked.tryLock().isPresent();
      if (!isNamed(parent, name, stat)) {
        return Optional.empty();
      }
      if (!isMarked && unmarked == Unmarked.GIVEN_UP) {
        Cleanup.twice(() -> parent.rmdir(name));
        return Optional.empty();
      }
      scope.release();
      return Optional.of(new PrivateDir(parent, name, dir, marked, stat));
    } catch (NoSuchFileException | NotDirectoryException e) {
      return Optional.empty();
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(() -> Cleanup.twice(() -> parent.rmdir(name)), e);
      throw e;
    }
  }

  private static boolean isOpenToOthers(Stat stat) {
    return (stat.mode() & WRITABLE_BY_OTHERS) != 0;
  }

  /**
   * Tells whether a directory can be made private. Where all files have the modes that the mount
   * says, and everybody may write, no directory is private, and none needs to be: what is published
   * is checked afterwards all the same, and may be written over by everybody then.
   */
  private static boolean keepsModes(FileHandle opened, Stat stat) throws IOException {
    try {
      opened.setMode(PRIVATE);
    } catch (FileSystemException e) {
      if (Refusal.NOT_PERMITTED.isIn(e) || Refusal.UNSUPPORTED.isIn(e)) {
        return false;
      }
      throw e;
    }
    if (isOpenToOthers(opened.stat())) {
      return false;
    }
    // Somebody's, as it was not made with this mode.
    opened.setMode(stat.mode());
    return true;
  }

  /** Returns the user that files made in a directory belong to, which a server may map. */
  static int ownUser(Dir dir) throws IOException {
    Optional<FileHandle> anonymous = dir.anonymous(PRIVATE_FILE);
    if (anonymous.isPresent()) {
      try (FileHandle file = anonymous.get()) {
        return file.stat().owner();
      }
    }
    // Not a file, which FUSE would hide rather than remove.
    Name name = TempNames.fresh(dir, TempNames.Kind.DIRECTORY);
    mkdir(dir, name);
    try {
      return dir.stat(name).orElseThrow(() -> new NoSuchFileException(dir.display(name))).owner();
    } finally {
      Cleanup.twice(() -> dir.rmdir(name));
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
    long pauseNanoseconds = FIRST_PAUSE_NANOSECONDS;
    for (int pause = 0; pause < PAUSES && isNamed(parent, name, stat); pause++) {
      if (parent.rmdir(name) != RemoveResult.NOT_EMPTY || !holdsOnlyHidden()) {
        return;
      }
      LockSupport.parkNanos(pauseNanoseconds);
      pauseNanoseconds = Math.min(2 * pauseNanoseconds, LONGEST_PAUSE_NANOSECONDS);
      if (pause >= PATIENT_PAUSES) {
        removeForgotten();
      }
    }
  }

  /**
   * Tells whether all that is left are files under the hidden names that FUSE and NFS give to what
   * was removed while it was open; they go a moment after the close.
   */
  private boolean holdsOnlyHidden() throws IOException {
    return left().stream().allMatch(PrivateDir::isHidden);
  }

  /** Tells whether a name is one that FUSE or NFS gives to what was removed while it was open. */
  static boolean isHidden(Name name) {
    return name.text().startsWith(HIDDEN) || name.text().startsWith(HIDDEN_BY_NFS);
  }

  /**
   * Removes hidden files that nobody will, as the server saw the close between the look for open
   * files and the renaming: a race of libfuse. What is open still is only hidden again.
   */
  private void removeForgotten() throws IOException {
    for (Name each : left()) {
      if (each.text().startsWith(HIDDEN)) {
        dir.unlink(each);
      }
    }
  }

  private List<Name> left() throws IOException {
    List<Name> names = new ArrayList<>();
    try (Listing listing = dir.list()) {
      for (Optional<Entry> entry = listing.next(); entry.isPresent(); entry = listing.next()) {
        names.add(entry.get().name());
      }
    }
    return names;
  }

  private static boolean isNamed(Dir parent, Name name, Stat stat) throws IOException {
    Optional<Stat> there = parent.stat(name);
    return there.isPresent() && there.get().isSameFile(stat);
  }
}
