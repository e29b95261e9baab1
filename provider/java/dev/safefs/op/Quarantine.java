package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.SafeConfig;
import dev.safefs.handle.Capability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/**
 * A name taken into a private directory, where nobody can exchange it, to act on one file only.
 * Promises D1 and H2.
 *
 * <p>What turns out to be another file is put back, without replacing. If its old name was taken in
 * the meantime it stays in the private directory, under its own name, and the exception tells
 * where; a sweep puts it back later. <i>Races:</i> for an instant another file than the one meant
 * may be missing from its name.
 */
final class Quarantine implements AutoCloseable {
  private final ParentRef at;
  private ParentRef inside;
  private Stage stage;
  private FileType claimed = FileType.UNKNOWN;

  /** How a claim went. */
  enum Claim {
    /** The file is in quarantine. */
    CLAIMED,
    /** Nothing has the name. */
    ABSENT,
    /** Another file has the name. It still has. */
    DIFFERENT,
    /** It is a directory that cannot be moved into another one, and still has its name. */
    NOT_MOVABLE
  }

  /** How the removal of one file went. */
  enum Removal {
    /** It was removed. */
    REMOVED,
    /** Nothing has the name. */
    ABSENT,
    /** Another file has the name. It still has. */
    DIFFERENT,
    /** It is a directory with entries. It still has the name. */
    NOT_EMPTY
  }

  private Quarantine(ParentRef at, Stage stage) {
    this.at = at;
    this.stage = stage;
    this.inside = new ParentRef(stage.dir(), stage.nameInQuarantine(at.name()));
  }

  /**
   * Makes the private directory, or does without on a full disk; see {@link Stage#quarantine}.
   *
   * @param at the name to act on; its directory is not owned and is to stay open
   * @return to be closed
   * @throws IOException if it cannot be made
   */
  static Quarantine open(ParentRef at) throws IOException {
    return new Quarantine(at, Stage.quarantine(at.dir()));
  }

  /**
   * Removes a name if it is a given file.
   *
   * @param at the name; not owned
   * @param expected the file, which the caller holds open, or knows the generation of
   * @return how it went
   * @throws IOException if it cannot be removed; it has its name then, or the exception tells where
   *     it is
   */
  static Removal removeIfSame(ParentRef at, Stat expected) throws IOException {
    return removeIfSame(at, expected, () -> {});
  }

  /**
   * Removes a name if it is a given file, letting go of that before: as long as a file is held open
   * NFS keeps it under a hidden name in its directory.
   *
   * @param release closes the caller's handle of the file; taken once the file is in quarantine,
   *     where it cannot be exchanged any more, if it gets there
   */
  static Removal removeIfSame(ParentRef at, Stat expected, Cleanup.Step release)
      throws IOException {
    Optional<Stat> now = at.dir().stat(at.name());
    if (now.isEmpty()) {
      return Removal.ABSENT;
    }
    if (!now.get().isSameFile(expected)) {
      return Removal.DIFFERENT;
    }
    if (now.get().type() == FileType.DIRECTORY && Emptiness.isKnownFull(at)) {
      return Removal.NOT_EMPTY;
    }
    return removeClaimed(at, expected, release);
  }

  /**
   * Removes a name if it is a given file, which is no directory and stays open. A server that hides
   * what is open rather than remove it would keep the private directory from being removed, so the
   * file leaves it again for that, under a name that nobody can foresee. <i>Races:</i> who finds it
   * and renames something over it, which he might have removed, loses that.
   */
  static Removal removeOpen(ParentRef at, Stat expected) throws IOException {
    if (at.dir().capabilities().mayHave(Capability.LOCAL)) {
      return removeIfSame(at, expected);
    }
    try (Quarantine quarantine = open(at)) {
      return switch (quarantine.claim(expected)) {
        case ABSENT -> Removal.ABSENT;
        case DIFFERENT, NOT_MOVABLE -> Removal.DIFFERENT;
        case CLAIMED -> quarantine.removeOutside();
      };
    }
  }

  /**
   * Takes the name into quarantine if it is a given file.
   *
   * @param expected the file
   * @return how it went
   * @throws RaceDetectedException if another file was taken and its name was taken meanwhile
   * @throws IOException if it cannot be taken
   */
  Claim claim(Stat expected) throws IOException {
    if (expected.type() == FileType.DIRECTORY && !stage.isPrivate()) {
      return Claim.NOT_MOVABLE;
    }
    if (expected.linkCount() == 1 || expected.type() == FileType.DIRECTORY) {
      return take(expected, () -> expected);
    }
    Optional<FileHandle> found = at.dir().find(at.name());
    if (found.isEmpty()) {
      return Claim.ABSENT;
    }
    try (FileHandle held = found.get()) {
      return held.stat().isSameFile(expected) ? take(expected, held::stat) : Claim.DIFFERENT;
    }
  }

  /**
   * What is expected, as it is by now: a file with several names may have another number once it
   * was renamed, as overlayfs copies it up from a lower layer.
   */
  @FunctionalInterface
  private interface Now {
    Stat stat() throws IOException;
  }

  private Claim take(Stat expected, Now now) throws IOException {
    RenameResult result;
    try {
      result = moveIn(now);
    } catch (AccessDeniedException e) {
      if (expected.type() == FileType.DIRECTORY) {
        return Claim.NOT_MOVABLE;
      }
      throw e;
    }
    if (result == RenameResult.CROSS_DEVICE && expected.type() == FileType.DIRECTORY) {
      return Claim.NOT_MOVABLE;
    }
    if (result == RenameResult.CROSS_DEVICE && staysInItsParent()) {
      return take(expected, now);
    }
    if (result == RenameResult.ABSENT) {
      return Claim.ABSENT;
    }
    if (result != RenameResult.RENAMED) {
      throw new FileSystemException(
          at.display(), null, "rename into a private directory: " + result);
    }
    Optional<Stat> taken;
    try {
      Stat meant = now.stat();
      taken = inside.dir().stat(inside.name()).filter(meant::isSameFile);
    } catch (IOException | RuntimeException | Error e) {
      putBack(e);
      throw e;
    }
    if (taken.isPresent()) {
      claimed = taken.get().type();
      return Claim.CLAIMED;
    }
    putBack();
    return Claim.DIFFERENT;
  }

  /**
   * Does without the private directory, as within one file system a security module may refuse any
   * other parent; rename(2), EXDEV.
   */
  private boolean staysInItsParent() throws IOException {
    Optional<Stage> beside = stage.isPrivate() ? Stage.beside(at.dir()) : Optional.empty();
    if (beside.isEmpty()) {
      return false;
    }
    Stage room = stage;
    stage = beside.get();
    inside = new ParentRef(stage.dir(), stage.nameInQuarantine(at.name()));
    room.close();
    return true;
  }

  /**
   * Returns the claimed name.
   *
   * @return not owned
   */
  ParentRef inside() {
    return inside;
  }

  /**
   * Removes the claimed file.
   *
   * @return {@code REMOVED}, also if it vanished, or {@code NOT_EMPTY}, in which case it still is
   *     in quarantine
   * @throws IOException if it cannot be removed
   */
  Removal remove() throws IOException {
    RemoveResult result;
    try {
      result =
          claimed == FileType.DIRECTORY
              ? inside.dir().rmdir(inside.name())
              : inside.dir().unlink(inside.name());
    } catch (FileSystemException e) {
      if (isLeft(e)) {
        throw e;
      }
      // Done, though a server's reply was lost.
      result = RemoveResult.REMOVED;
    }
    return switch (result) {
      case REMOVED, ABSENT -> Removal.REMOVED;
      case NOT_EMPTY -> Removal.NOT_EMPTY;
      default ->
          throw new RaceDetectedException(
              inside.display(), null, "exchanged in a private directory: " + result);
    };
  }

  /**
   * Gives what is in quarantine its name back.
   *
   * @throws RaceDetectedException if the name was taken meanwhile, telling where the file is
   * @throws IOException if it cannot be put back
   */
  void putBack() throws IOException {
    SafeConfig rather = SafeConfig.installed();
    try {
      ExclusiveMove.back(
          new Sides(inside, at, inside.display(), at.display(), Sides.Origin.STAGED, rather));
    } catch (FileAlreadyExistsException e) {
      RaceDetectedException race =
          new RaceDetectedException(
              at.display(),
              inside.display(),
              "the name was taken while the file was looked at; the file was kept");
      race.initCause(e);
      throw race;
    }
  }

  /** Gives what is in quarantine its name back because of a failure. */
  void putBack(Throwable failure) {
    Cleanup.close(this::putBack, failure);
  }

  @Override
  public void close() throws IOException {
    stage.close();
  }

  /**
   * Renames. Where a server's reply was lost, so that the call failed after it was done, or was
   * repeated and found nothing any more, what is inside tells; rename(2), BUGS.
   */
  private RenameResult moveIn(Now expected) throws IOException {
    RenameResult result;
    try {
      result = at.dir().rename(at.name(), inside.dir(), inside.name(), Replace.NO_REPLACE);
      if (result == RenameResult.UNSUPPORTED) {
        // Nobody else puts anything into the private directory, so that a plain rename replaces
        // nothing either.
        result = at.dir().rename(at.name(), inside.dir(), inside.name(), Replace.REPLACE);
      }
    } catch (FileSystemException e) {
      if (isInside(expected, e)) {
        return RenameResult.RENAMED;
      }
      throw e;
    }
    boolean arrived =
        result == RenameResult.ABSENT
            && inside.dir().stat(inside.name()).map(expected.stat()::isSameFile).orElse(false);
    return arrived ? RenameResult.RENAMED : result;
  }

  private Removal removeOutside() throws IOException {
    Name out = TempNames.fresh(at.dir(), TempNames.Kind.FILE);
    try {
      RenameResult moved = inside.dir().rename(inside.name(), at.dir(), out, Replace.REPLACE);
      if (moved != RenameResult.RENAMED) {
        throw new FileSystemException(at.display(), null, "rename out of quarantine: " + moved);
      }
      at.dir().unlink(out);
      return Removal.REMOVED;
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(() -> at.dir().rename(out, inside.dir(), inside.name(), Replace.REPLACE), e);
      putBack(e);
      throw e;
    }
  }

  private boolean isLeft(FileSystemException failure) {
    try {
      return inside.dir().stat(inside.name()).isPresent();
    } catch (IOException e) {
      failure.addSuppressed(e);
      return true;
    }
  }

  private boolean isInside(Now expected, FileSystemException failure) {
    try {
      return inside.dir().stat(inside.name()).map(expected.stat()::isSameFile).orElse(false);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private static Removal removeClaimed(ParentRef at, Stat expected, Cleanup.Step release)
      throws IOException {
    try (Quarantine quarantine = open(at)) {
      return switch (quarantine.claim(expected)) {
        case ABSENT -> Removal.ABSENT;
        case DIFFERENT -> Removal.DIFFERENT;
        case CLAIMED -> quarantine.removeOrPutBack(release);
        case NOT_MOVABLE -> compareAndRemoveDirectory(at, expected);
      };
    }
  }

  private Removal removeOrPutBack(Cleanup.Step release) throws IOException {
    Removal removal;
    try {
      release.take();
      removal = remove();
    } catch (IOException | RuntimeException | Error e) {
      putBack(e);
      throw e;
    }
    if (removal == Removal.NOT_EMPTY) {
      putBack();
    }
    return removal;
  }

  /**
   * Removes a directory that its owner may not write to, or that is of a lower layer of overlayfs,
   * or on a full disk, so that it cannot be moved into another one. <i>Races:</i> if it is
   * exchanged after the comparison, another empty directory is removed.
   */
  private static Removal compareAndRemoveDirectory(ParentRef at, Stat expected) throws IOException {
    Optional<Stat> now = at.dir().stat(at.name());
    if (now.isEmpty()) {
      return Removal.ABSENT;
    }
    if (!now.get().isSameFile(expected)) {
      return Removal.DIFFERENT;
    }
    return switch (at.dir().rmdir(at.name())) {
      case REMOVED -> Removal.REMOVED;
      case ABSENT -> Removal.ABSENT;
      case NOT_EMPTY -> Removal.NOT_EMPTY;
      default -> Removal.DIFFERENT;
    };
  }
}
