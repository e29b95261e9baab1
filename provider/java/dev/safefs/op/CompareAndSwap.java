package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/**
 * Gives a name to what is staged if it still is the name of one given file: exchanged, looked at,
 * and taken back if it was another. Promise L2.
 */
final class CompareAndSwap {
  private final ParentRef at;
  private final Stage stage;
  private final Name staged;
  private final Place place;

  /**
   * Prepares a swap.
   *
   * @param at the directory and name, not owned
   * @param stage where the new object is, not owned
   * @param staged its name there; afterwards that of the old one, which closing the stage removes
   * @param place the name's place, for messages and settings
   */
  CompareAndSwap(ParentRef at, Stage stage, Name staged, Place place) {
    this.at = at;
    this.stage = stage;
    this.staged = staged;
    this.place = place;
  }

  /**
   * Swaps, one of those who do at a time. <i>Races:</i> optimistic. Where the name is changed by
   * other means between the look and the exchange, ours is visible for an instant before it is
   * taken back.
   *
   * @param expected the file that is to be replaced
   * @return false if the name is not that file's any more; then nothing changed
   * @throws dev.safefs.GuaranteeUnavailableException if there is no exchange here and the file
   *     system is strict
   * @throws RaceDetectedException if it could not be taken back
   */
  boolean swap(FileHandle expected) throws IOException {
    try (Turn turn = Turn.take(at.dir())) {
      return isStill(expected) && exchangeIf(expected);
    }
  }

  private boolean isStill(FileHandle expected) throws IOException {
    return at.dir().stat(at.name()).map(expected.stat()::isSameFile).orElse(false);
  }

  private boolean exchangeIf(FileHandle expected) throws IOException {
    Stat ours = held();
    RenameResult result = exchange();
    if (result == RenameResult.ABSENT) {
      return false;
    }
    if (result == RenameResult.UNSUPPORTED) {
      return compareAndRename(expected);
    }
    if (result != RenameResult.RENAMED) {
      throw refused(result, place);
    }
    Stat out = held();
    // Asked anew: a file with several names may have another number now, see Quarantine.
    if (out.isSameFile(expected.stat())) {
      return true;
    }
    takeBack(ours, out);
    return false;
  }

  /**
   * Exchanges until nobody else came in between, so that the newest of the others' objects has the
   * name. Pauses, as two who do so without a turn would exchange in step for ever.
   */
  private void takeBack(Stat ours, Stat displaced) throws IOException {
    Stat given = ours;
    Stat held = displaced;
    Tries tries = new Tries(place::display);
    while (tries.next()) {
      RenameResult result = exchange();
      if (result == RenameResult.ABSENT) {
        // Somebody removed what we gave, and means what it had displaced, too.
        return;
      }
      if (result != RenameResult.RENAMED) {
        throw refused(result, place);
      }
      Stat out = held();
      if (out.isSameFile(given)) {
        return;
      }
      given = held;
      held = out;
      Turn.pause();
    }
    throw new RaceDetectedException(place.display(), null, "could not be taken back in " + tries);
  }

  private boolean compareAndRename(FileHandle expected) throws IOException {
    Downgrade.accept(
        place.config().strictness(),
        place.display(),
        "L2",
        "no exchange here, so a change after the comparison is lost");
    if (!isStill(expected)) {
      return false;
    }
    RenameResult result = stage.dir().rename(staged, at.dir(), at.name(), Replace.REPLACE);
    if (result != RenameResult.RENAMED) {
      throw refused(result, place);
    }
    stage.published(staged);
    return true;
  }

  private RenameResult exchange() throws IOException {
    return RenameFlags.exchange(new ParentRef(stage.dir(), staged), at);
  }

  private Stat held() throws IOException {
    return stage
        .dir()
        .stat(staged)
        .orElseThrow(
            () ->
                new RaceDetectedException(place.display(), null, "what was staged was exchanged"));
  }

  /** Returns the failure of a rename onto the place. */
  static FileSystemException refused(RenameResult result, Place place) {
    return switch (result) {
      case EXISTS, NOT_EMPTY, TYPE_MISMATCH ->
          new FileAlreadyExistsException(place.display(), null, "is a directory");
      default ->
          new FileSystemException(place.display(), null, "renameat2 of what was staged: " + result);
    };
  }
}
