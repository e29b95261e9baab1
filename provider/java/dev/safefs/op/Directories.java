package dev.safefs.op;

import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.handle.Stat;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Creates and publishes directories. */
public final class Directories {
  private static final int ALL_PERMISSIONS = 0777;

  /** How often others may take or free the live name between a look and a rename. */
  private static final int TRIES = 128;

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
    for (int attempt = 1; ; attempt++) {
      try {
        return replaceOnce(staged, live);
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        // The live name was taken, or given up, between the look and the rename.
        if (attempt == TRIES || !isThere(staged)) {
          throw e;
        }
      }
    }
  }

  private static Replaced replaceOnce(Place staged, Place live) throws IOException {
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

  private static boolean isThere(Place place) throws IOException {
    try (ParentRef at = Resolver.parent(place)) {
      return at.dir().stat(at.name()).isPresent();
    }
  }

  /**
   * Creates a directory and those above it that do not exist, each in the one above held open. What
   * others create meanwhile is taken. <i>Atomicity:</i> none; a failure leaves those that were
   * created.
   *
   * @param place where
   * @param attributes permission bits of each that is created, subject to the umask
   * @throws FileAlreadyExistsException if something else than a directory has one of the names
   * @throws IOException if one cannot be created
   */
  public static void createAll(Place place, InitialAttributes attributes) throws IOException {
    Deque<String> missing = new ArrayDeque<>();
    String text = place.route().text();
    Dir found = null;
    while (found == null) {
      found = openIfThere(place, text);
      if (found == null) {
        Route route = new Route(text, place.display());
        if (text.isEmpty() || text.equals("/")) {
          throw new NoSuchFileException(place.display());
        }
        missing.push(text);
        text = route.parentText();
      }
    }
    createBeneath(place, found, missing, attributes);
  }

  /** Creates directories one in the other. The first one is owned. */
  private static void createBeneath(
      Place place, Dir first, Deque<String> missing, InitialAttributes attributes)
      throws IOException {
    Dir dir = first;
    try {
      while (!missing.isEmpty()) {
        String text = missing.pop();
        Route route = new Route(text, place.display());
        Dir next;
        if (route.hasName()) {
          dir.mkdir(route.name(), attributes.mode().orElse(ALL_PERMISSIONS));
          NameSync.asConfigured(dir, place);
          next = enter(dir, route, place);
        } else {
          next = place.anchor().openDir(route, LinkMode.FOLLOW);
        }
        Dir above = dir;
        dir = next;
        above.close();
      }
    } finally {
      dir.close();
    }
  }

  /** Opens what has just been created, by us or by others, who may have made a link. */
  private static Dir enter(Dir above, Route route, Place place) throws IOException {
    try {
      return above.openDir(route.name());
    } catch (NotDirectoryException e) {
      Dir found = openIfThere(place, route.text());
      if (found == null) {
        throw new FileAlreadyExistsException(place.display(), null, "a link that leads nowhere");
      }
      return found;
    }
  }

  private static @Nullable Dir openIfThere(Place place, String text) throws IOException {
    try {
      return place.anchor().openDir(new Route(text, place.display()), LinkMode.FOLLOW);
    } catch (NoSuchFileException e) {
      return null;
    } catch (NotDirectoryException e) {
      FileAlreadyExistsException taken =
          new FileAlreadyExistsException(place.display(), null, "not a directory");
      taken.initCause(e);
      throw taken;
    }
  }

  private static void requireDirectory(Stat stat, Place place) throws NotDirectoryException {
    if (stat.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(place.display());
    }
  }
}
