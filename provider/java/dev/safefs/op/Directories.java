package dev.safefs.op;

import dev.safefs.handle.CreateResult;
import dev.safefs.handle.ParentRef;
import dev.safefs.request.InitialAttributes;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;

/** Creates directories. */
public final class Directories {
  private static final int ALL_PERMISSIONS = 0777;

  private Directories() {}

  /**
   * Creates a directory. <i>Atomicity:</i> of any number of racing callers one succeeds.
   *
   * @param place where
   * @param attributes permission bits, subject to the umask
   * @throws FileAlreadyExistsException if something has the name, whatever it is
   * @throws IOException if it cannot be created
   */
  public static void create(Place place, InitialAttributes attributes) throws IOException {
    if (!place.route().hasName()) {
      throw Nameless.alreadyExists(place);
    }
    try (ParentRef at = place.anchor().parent(place.route())) {
      CreateResult result = at.dir().mkdir(at.name(), attributes.mode().orElse(ALL_PERMISSIONS));
      if (result == CreateResult.EXISTS) {
        throw new FileAlreadyExistsException(place.display());
      }
      if (result != CreateResult.CREATED) {
        throw new FileSystemException(place.display(), null, "mkdirat: " + result);
      }
      NameSync.asConfigured(at.dir(), place);
    }
  }
}
