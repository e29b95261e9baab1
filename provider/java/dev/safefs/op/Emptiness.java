package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.Listing;
import dev.safefs.handle.ParentRef;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Looks whether a directory has entries, to refuse early; rmdir(2) decides. */
final class Emptiness {

  private Emptiness() {}

  /**
   * Tells whether a name is a directory that is seen to have entries.
   *
   * @return false also if it may not be read or is something else by now
   * @throws IOException if reading fails
   */
  static boolean isKnownFull(ParentRef at) throws IOException {
    try (Dir dir = at.dir().openDir(at.name());
        Listing listing = dir.list()) {
      return listing.next().isPresent();
    } catch (AccessDeniedException | NoSuchFileException | NotDirectoryException e) {
      return false;
    }
  }

  /**
   * Refuses a directory that has entries.
   *
   * @throws DirectoryNotEmptyException if it is seen to have some
   * @throws IOException if reading fails
   */
  static void require(ParentRef at, String display) throws IOException {
    if (isKnownFull(at)) {
      throw new DirectoryNotEmptyException(display);
    }
  }
}
