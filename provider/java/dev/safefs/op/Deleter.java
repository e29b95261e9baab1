package dev.safefs.op;

import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RemoveResult;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Removes names. Promises D1 and D3. */
public final class Deleter {
  /** How often a name may change between file and directory before a removal gives up. */
  private static final int TRIES = 128;

  private Deleter() {}

  /**
   * Removes a file, a link itself, or an empty directory. A name that turns from one into the other meanwhile is removed all
   * the same.
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
        throw new FileSystemException(place.display(), null, "unlinkat: EISDIR");
      }
    }
  }

  /**
   * Removes an empty directory.
   *
   * @param place what
   * @throws NoSuchFileException if it does not exist
   * @throws DirectoryNotEmptyException if it has entries
   * @throws NotDirectoryException if it is something else
   * @throws IOException if it cannot be removed
   */
  public static void deleteDirectory(Place place) throws IOException {
    try (ParentRef at = named(place)) {
      switch (at.dir().rmdir(at.name())) {
        case REMOVED -> {}
        case ABSENT -> throw new NoSuchFileException(place.display());
        case NOT_EMPTY -> throw new DirectoryNotEmptyException(place.display());
        default -> throw new NotDirectoryException(place.display());
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
    for (int attempt = 0; attempt < TRIES; attempt++) {
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
    throw new FileSystemException(display, null, "changed between file and directory " + TRIES + " times");
  }

  private static ParentRef named(Place place) throws IOException {
    if (!place.route().hasName()) {
      place.anchor().open(place.route(), LinkMode.FOLLOW).close();
      throw Nameless.cannotRemove(place);
    }
    return place.anchor().parent(place.route());
  }
}
