package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Stat;
import dev.safefs.request.LinkMode;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/**
 * What happens where a route ends in no name of a directory: a root, {@code ""}, {@code .} or
 * {@code ..}.
 */
final class Nameless {

  private Nameless() {}

  /**
   * Refuses to create or replace what a nameless place leads to, since it exists.
   *
   * @param target the place
   * @param source attributes of what was to be put there
   * @param replace whether it was to be replaced
   * @throws FileAlreadyExistsException if it was not to be replaced
   * @throws DirectoryNotEmptyException if it holds the directory that the route came through
   * @throws IOException if it cannot be resolved, or is busy
   */
  static void refuseTarget(Place target, Stat source, Replace replace) throws IOException {
    try (FileHandle file = target.open(LinkMode.FOLLOW)) {
      if (file.stat().isSameFile(source)) {
        return;
      }
    }
    if (replace == Replace.NO_REPLACE) {
      throw new FileAlreadyExistsException(target.display());
    }
    throw cannotRemove(target);
  }

  /**
   * Returns the failure of a creation at a nameless place.
   *
   * @param place the place
   * @return never normally but for the compiler
   * @throws FileAlreadyExistsException because it exists
   * @throws IOException if it cannot be resolved
   */
  static FileAlreadyExistsException alreadyExists(Place place) throws IOException {
    place.open(LinkMode.FOLLOW).close();
    return new FileAlreadyExistsException(place.display());
  }

  /**
   * Returns the failure of a removal of a nameless place, as rmdir(2) tells it.
   *
   * @param place a place that exists
   * @return the failure
   */
  static FileSystemException cannotRemove(Place place) {
    String text = place.route().text();
    if (text.equals("..") || text.endsWith("/..")) {
      return new DirectoryNotEmptyException(place.display());
    }
    return new FileSystemException(place.display(), null, "EBUSY: names no entry of a directory");
  }
}
