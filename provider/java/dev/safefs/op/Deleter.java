package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Removes names. Promises D1 and D3. */
public final class Deleter {
  private Deleter() {}

  /**
   * Removes a file, a link itself, or an empty directory. A name that turns from one into the other
   * meanwhile is removed all the same.
   *
   * @param place what
   * @throws NoSuchFileException if it does not exist
   * @throws DirectoryNotEmptyException if it is a directory with entries
   * @throws IOException if it cannot be removed
   */
  public static void delete(Place place) throws IOException {
    try (ParentRef at = named(place)) {
      if (!remove(at, place.display())) {
        throw new NoSuchFileException(place.display());
      }
    }
  }

  /**
   * Removes a file, a link itself, or an empty directory if it exists.
   *
   * @param place what
   * @return whether this call removed it
   * @throws DirectoryNotEmptyException if it is a directory with entries
   * @throws IOException if it cannot be removed
   */
  public static boolean deleteIfExists(Place place) throws IOException {
    ParentRef parent;
    try {
      parent = named(place);
    } catch (NoSuchFileException e) {
      return false;
    }
    try (ParentRef at = parent) {
      return remove(at, place.display());
    }
  }

  /**
   * Removes a file or a link itself.
   *
   * @param place what
   * @throws NoSuchFileException if it does not exist
   * @throws FileSystemException if it is a directory
   * @throws IOException if it cannot be removed
   */
  public static void deleteFile(Place place) throws IOException {
    try (ParentRef at = named(place)) {
      RemoveResult result = at.dir().unlink(at.name());
      if (result == RemoveResult.ABSENT) {
        throw new NoSuchFileException(place.display());
      }
      if (result != RemoveResult.REMOVED) {
        throw new FileSystemException(place.display(), null, "unlinkat: EISDIR (Is a directory)");
      }
    }
  }

  /**
   * Removes an empty directory.
   *
   * @param place what
   * @throws NoSuchFileException if it does not exist
   * @throws DirectoryNotEmptyException if it has entries
   * @throws FileSystemException if it is something else
   * @throws IOException if it cannot be removed
   */
  public static void deleteDirectory(Place place) throws IOException {
    try (ParentRef at = named(place)) {
      switch (at.dir().rmdir(at.name())) {
        case REMOVED -> {}
        case ABSENT -> throw new NoSuchFileException(place.display());
        case NOT_EMPTY -> throw new DirectoryNotEmptyException(place.display());
        default ->
            throw new FileSystemException(
                place.display(), null, "unlinkat: ENOTDIR (Not a directory)");
      }
    }
  }

  /** How the deletion of one file went. */
  public enum Deletion {
    /** It was removed. */
    DELETED,
    /** Nothing has the name. */
    ABSENT,
    /** Another file has the name. It still has. */
    DIFFERENT
  }

  /**
   * Removes a name only if it is a given file: the name is moved into a private directory, where
   * nobody can exchange it, looked at, and removed or put back. Promise D1. <i>Races:</i> another
   * file that takes the name at that moment may be missing from it for an instant.
   *
   * @param place what
   * @param fileKey the file's, as its attributes gave it; compared as text, as different providers
   *     have different types
   * @return how it went
   * @throws DirectoryNotEmptyException if it is a directory with entries
   * @throws dev.safefs.RaceDetectedException if another file was taken and could not be put back,
   *     telling where it is
   * @throws IOException if it cannot be removed
   */
  public static Deletion deleteIfSame(Place place, Object fileKey) throws IOException {
    String expected = fileKey.toString();
    try (ParentRef at = named(place)) {
      Optional<FileHandle> found = at.dir().find(at.name());
      if (found.isEmpty()) {
        return Deletion.ABSENT;
      }
      try (FileHandle pinned = found.get()) {
        Stat stat = pinned.stat();
        if (!stat.identity().fileKey().toString().equals(expected)) {
          return Deletion.DIFFERENT;
        }
        return switch (UserPath.in(place.display(), () -> Quarantine.removeIfSame(at, stat))) {
          case REMOVED -> Deletion.DELETED;
          case ABSENT -> Deletion.ABSENT;
          case DIFFERENT -> Deletion.DIFFERENT;
          case NOT_EMPTY -> throw new DirectoryNotEmptyException(place.display());
        };
      }
    }
  }

  /**
   * Removes a name, whatever it is.
   *
   * @return false if nothing has it
   * @throws DirectoryNotEmptyException if it is a directory with entries
   */
  static boolean remove(ParentRef at, String display) throws IOException {
    Tries tries = new Tries(() -> display);
    while (tries.next()) {
      RemoveResult result = at.dir().unlink(at.name());
      if (result == RemoveResult.IS_DIRECTORY) {
        result = at.dir().rmdir(at.name());
      }
      switch (result) {
        case REMOVED -> {
          return true;
        }
        case ABSENT -> {
          return false;
        }
        case NOT_EMPTY -> throw new DirectoryNotEmptyException(display);
        default -> {}
      }
    }
    throw new FileSystemException(
        display, null, "changed between file and directory in each of " + tries);
  }

  private static ParentRef named(Place place) throws IOException {
    if (!place.route().hasName()) {
      place.open(LinkMode.FOLLOW).close();
      throw Nameless.cannotRemove(place);
    }
    return place.anchor().parent(place.route());
  }
}
