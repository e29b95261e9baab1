package dev.safefs.op;

import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Optional;

/**
 * Looks at a target before anything is copied, to fail early and as the JDK does. Publishing
 * decides.
 */
final class TargetCheck {

  private TargetCheck() {}

  /**
   * Checks a target.
   *
   * @param to its directory and name
   * @param source attributes of the source, which is held open
   * @param target the user's path
   * @param replace what happens to an existing one
   * @return whether it is the source itself, by this name or another
   * @throws FileAlreadyExistsException if it exists and is not to be replaced
   * @throws DirectoryNotEmptyException if it is a directory that is seen to have entries
   * @throws IOException if it cannot be looked at
   */
  static boolean isSame(ParentRef to, Stat source, String target, Replace replace)
      throws IOException {
    return isSame(to.dir().stat(to.name()), to, source, target, replace);
  }

  /**
   * Checks a target that was looked at before.
   *
   * @param existing what had its name
   */
  static boolean isSame(
      Optional<Stat> existing, ParentRef to, Stat source, String target, Replace replace)
      throws IOException {
    if (existing.isEmpty()) {
      return false;
    }
    if (existing.get().isSameFile(source)) {
      return true;
    }
    if (replace == Replace.NO_REPLACE) {
      throw new FileAlreadyExistsException(target);
    }
    if (existing.get().type() == FileType.DIRECTORY) {
      Emptiness.require(to, target);
    }
    return false;
  }
}
