package dev.safefs.op;

import dev.safefs.handle.CreateResult;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;

/** Creates and publishes directories. */
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

  /** What a replacement found. */
  public enum Replaced {
    /** Nothing: the directory got the free name. */
    NOTHING,
    /** Another directory: it has the staged name now. */
    EXCHANGED
  }

  /**
   * Publishes a whole directory. <i>Atomicity:</i> a reader of the live name sees the old directory
   * or the new one, never none.
   *
   * @param staged the new directory; afterwards the old one has this name, if there was one
   * @param live the name to be seen
   * @return what had the name
   * @throws NotDirectoryException if one of both is something else
   * @throws dev.safefs.GuaranteeUnavailableException if there is no atomic exchange here
   * @throws IOException if it fails otherwise; nothing changed
   */
  public static Replaced replace(Place staged, Place live) throws IOException {
    try (ParentRef from = Resolver.parent(staged);
        ParentRef to = Resolver.parent(live)) {
      requireDirectory(
          from.dir().stat(from.name()).orElseThrow(() -> new NoSuchFileException(staged.display())),
          staged);
      Optional<Stat> old = to.dir().stat(to.name());
      if (old.isPresent()) {
        requireDirectory(old.get(), live);
        Mover.exchange(staged, live);
        return Replaced.EXCHANGED;
      }
    }
    Mover.move(staged, live, MoveRequest.parse());
    return Replaced.NOTHING;
  }

  private static void requireDirectory(Stat stat, Place place) throws NotDirectoryException {
    if (stat.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(place.display());
    }
  }
}
