package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/**
 * Replaces a symbolic link without a gap: staged and renamed, or staged and exchanged. Promises L1
 * to L3.
 */
final class SymlinkReplacement {
  private final ParentRef at;
  private final String target;
  private final Place link;

  /**
   * Prepares a replacement.
   *
   * @param at the link's directory and name, not owned
   * @param target the new content, lossless text
   * @param link the link's place, for messages and settings
   */
  SymlinkReplacement(ParentRef at, String target, Place link) {
    this.at = at;
    this.target = target;
    this.link = link;
  }

  /**
   * Replaces whatever has the name but a directory.
   *
   * @throws FileAlreadyExistsException if it is a directory
   * @throws RaceDetectedException if the name does not hold what was published, or what was staged
   *     is taken away for ever
   */
  void replace() throws IOException {
    Tries tries = new Tries(link::display);
    while (tries.next()) {
      if (replaceOnce()) {
        return;
      }
    }
    throw new RaceDetectedException(
        link.display(), null, "the staged link was taken away in each of " + tries);
  }

  private boolean replaceOnce() throws IOException {
    try (Stage stage = Stage.open(at.dir())) {
      Name staged = stage.freshName(TempNames.Kind.LINK);
      make(stage, staged);
      Optional<FileHandle> made = stage.dir().find(staged);
      if (made.isEmpty()) {
        return false;
      }
      try (FileHandle pinned = made.get()) {
        Stat stat = pinned.stat();
        RenameResult result = stage.dir().rename(staged, at.dir(), at.name(), Replace.REPLACE);
        if (result == RenameResult.ABSENT) {
          return false;
        }
        if (result != RenameResult.RENAMED) {
          throw CompareAndSwap.refused(result, link);
        }
        stage.published(staged);
        verify(pinned, stat);
        return true;
      }
    }
  }

  /**
   * Replaces the link if it has an expected content. <i>Races:</i> optimistic. Where another
   * process changes the link between the look and the exchange, ours is visible for an instant
   * before it is taken back.
   *
   * @return false if it has not, and nothing changed
   * @throws dev.safefs.GuaranteeUnavailableException if there is no exchange here and the file
   *     system is strict
   */
  boolean replaceIf(String expected) throws IOException {
    try (Stage stage = Stage.open(at.dir())) {
      Optional<FileHandle> found = at.dir().find(at.name());
      if (found.isEmpty()) {
        return false;
      }
      try (FileHandle current = found.get()) {
        Stat stat = current.stat();
        if (stat.type() != FileType.SYMLINK || !current.readLink().equals(expected)) {
          return false;
        }
        Name staged = stage.freshName(TempNames.Kind.LINK);
        make(stage, staged);
        return new CompareAndSwap(at, stage, staged, link).swap(current);
      }
    }
  }

  private void make(Stage stage, Name staged) throws IOException {
    CreateResult result = stage.dir().symlink(target, staged);
    if (result == CreateResult.UNSUPPORTED) {
      throw new FileSystemException(
          link.display(), null, "symlinkat: EPERM (Operation not permitted): not supported here");
    }
    if (result != CreateResult.CREATED) {
      throw takenAway();
    }
  }

  /**
   * What was published may have been replaced since, as any link; but if it lives on elsewhere, it
   * was exchanged.
   */
  private void verify(FileHandle pinned, Stat made) throws IOException {
    Optional<Stat> now = at.dir().stat(at.name());
    if (now.isPresent() && !now.get().isSameFile(made) && pinned.stat().linkCount() > 0) {
      throw new RaceDetectedException(
          link.display(), null, "the name holds something else than the link just published");
    }
  }

  private RaceDetectedException takenAway() {
    return new RaceDetectedException(link.display(), null, "the staged link was exchanged");
  }
}
