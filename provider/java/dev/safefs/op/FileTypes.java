package dev.safefs.op;

import dev.safefs.SpecialFiles;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import dev.safefs.request.Access;
import dev.safefs.request.Creation;
import dev.safefs.request.LinkMode;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/**
 * Refuses to open what is not to be opened, as the JDK does and as R6 asks, before anything is
 * opened.
 */
final class FileTypes {

  private FileTypes() {}

  /**
   * Refuses symbolic links, directories that are to be written, and special files if the settings
   * say so.
   *
   * @param file a handle that was opened for resolution
   * @return its attributes
   * @throws FileSystemException if it is a directory or special
   * @throws IOException if it is a symbolic link
   */
  static Stat refuse(FileHandle file, Place place, OpenRequest request) throws IOException {
    return refuse(file.stat(), place, request);
  }

  /**
   * Refuses as {@link #refuse(FileHandle, Place, OpenRequest)} does.
   *
   * @param stat attributes of a handle that was opened for resolution
   * @return them
   */
  static Stat refuse(Stat stat, Place place, OpenRequest request) throws IOException {
    FileType type = stat.type();
    if (type == FileType.SYMLINK) {
      // Plain, as the JDK has it: programs tell it from the other failures of an open.
      throw new IOException(
          place.display() + ": Too many levels of symbolic links (NOFOLLOW_LINKS specified)");
    }
    if (type == FileType.DIRECTORY && request.access() != Access.READ) {
      throw isDirectory(place);
    }
    if (type.isSpecial() && place.config().specialFiles() == SpecialFiles.REFUSE) {
      throw new FileSystemException(
          place.display(), null, "is a " + type + ", refused by specialFiles=REFUSE");
    }
    return stat;
  }

  /**
   * Refuses as {@link #refuse(FileHandle, Place, OpenRequest)} does, and what another user has laid
   * where the file was to be created.
   *
   * @param found a file that there is
   * @return its attributes
   */
  static Stat refuse(Followed found, Place place, OpenRequest request) throws IOException {
    Stat stat = refuse(found.stat(), place, request);
    if (request.creation() == Creation.CREATE) {
      place.anchor().checkMayTake(found.parent().dir(), stat, place.display());
    }
    return stat;
  }

  /**
   * Refuses to write a place without a name, which can only be a directory.
   *
   * @throws FileSystemException as for a directory
   */
  static void refuseNameless(Place place, OpenRequest request) throws IOException {
    if (place.route().hasName()) {
      return;
    }
    place.open(LinkMode.FOLLOW).close();
    if (request.creation() == Creation.CREATE_NEW) {
      throw new FileAlreadyExistsException(place.display());
    }
    throw isDirectory(place);
  }

  private static FileSystemException isDirectory(Place place) {
    return new FileSystemException(place.display(), null, "Is a directory");
  }
}
