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
  /** Each try fails only if another process comes between two system calls. */
  private static final int TRIES = 128;

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
    for (int attempt = 0; attempt < TRIES; attempt++) {
      if (replaceOnce()) {
        return;
      }
    }
    throw new RaceDetectedException(
        link.display(), null, "the staged link was taken away " + TRIES + " times");
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
          throw refused(result);
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
        return swap(stage, staged, stat);
      }
    }
  }

  private boolean swap(Stage stage, Name staged, Stat expected) throws IOException {
    Stat ours = held(stage, staged);
    RenameResult result = stage.dir().rename(staged, at.dir(), at.name(), Replace.EXCHANGE);
    if (result == RenameResult.ABSENT) {
      return false;
    }
    if (result == RenameResult.UNSUPPORTED) {
      return compareAndRename(stage, staged, expected);
    }
    if (result != RenameResult.RENAMED) {
      throw refused(result);
    }
    Stat out = held(stage, staged);
    if (out.isSameFile(expected)) {
      return true;
    }
    takeBack(stage, staged, ours, out);
    return false;
  }

  /**
   * Exchanges until nobody else came in between, so that the newest of the others' links has the
   * name.
   */
  private void takeBack(Stage stage, Name staged, Stat ours, Stat displaced) throws IOException {
    Stat given = ours;
    Stat held = displaced;
    for (int attempt = 0; attempt < TRIES; attempt++) {
      RenameResult result = stage.dir().rename(staged, at.dir(), at.name(), Replace.EXCHANGE);
      if (result == RenameResult.ABSENT) {
        // Somebody removed what we gave, and means what it had displaced, too.
        return;
      }
      if (result != RenameResult.RENAMED) {
        throw refused(result);
      }
      Stat out = held(stage, staged);
      if (out.isSameFile(given)) {
        return;
      }
      given = held;
      held = out;
    }
    throw new RaceDetectedException(
        link.display(), null, "could not be taken back in " + TRIES + " tries");
  }

  private boolean compareAndRename(Stage stage, Name staged, Stat expected) throws IOException {
    Downgrade.accept(
        link.config().strictness(),
        link.display(),
        "L2",
        "no exchange here, so a change after the comparison is lost");
    if (!at.dir().stat(at.name()).map(expected::isSameFile).orElse(false)) {
      return false;
    }
    RenameResult result = stage.dir().rename(staged, at.dir(), at.name(), Replace.REPLACE);
    if (result != RenameResult.RENAMED) {
      throw refused(result);
    }
    stage.published(staged);
    return true;
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

  private Stat held(Stage stage, Name staged) throws IOException {
    return stage.dir().stat(staged).orElseThrow(this::takenAway);
  }

  private RaceDetectedException takenAway() {
    return new RaceDetectedException(link.display(), null, "the staged link was exchanged");
  }

  private FileSystemException refused(RenameResult result) {
    return switch (result) {
      case EXISTS, NOT_EMPTY, TYPE_MISMATCH ->
          new FileAlreadyExistsException(link.display(), null, "is a directory");
      default ->
          new FileSystemException(link.display(), null, "renameat2 of a staged link: " + result);
    };
  }
}
