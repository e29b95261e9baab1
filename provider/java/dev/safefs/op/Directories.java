package dev.safefs.op;

import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
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
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

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
    Tries tries = new Tries(live::display);
    tries.next();
    while (true) {
      try {
        return replaceOnce(staged, live);
      } catch (FileAlreadyExistsException | NoSuchFileException e) {
        // The live name was taken, or given up, between the look and the rename.
        if (!isThere(staged) || !tries.next()) {
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
    int[] ends = ends(place.route().text());
    Dir found = openIfThere(place, place.route().text());
    int first = ends.length;
    if (found == null) {
      // What exists is a beginning of the path, so that its end is found by halving.
      int existing = -1;
      while (first - existing > 1) {
        int middle = (existing + first) >>> 1;
        Dir probe = openIfThere(place, prefix(place, ends[middle]));
        if (probe == null) {
          first = middle;
        } else {
          existing = middle;
          probe.close();
        }
      }
      found = openIfThere(place, existing < 0 ? root(place) : prefix(place, ends[existing]));
    }
    if (found == null) {
      throw new NoSuchFileException(place.display());
    }
    createBeneath(place, found, Arrays.copyOfRange(ends, first, ends.length), attributes);
  }

  /** Creates directories one in the other. The first one is owned. */
  private static void createBeneath(
      Place place, Dir first, int[] ends, InitialAttributes attributes) throws IOException {
    Dir dir = first;
    try {
      for (int end : ends) {
        String text = place.route().text();
        String last = text.substring(text.lastIndexOf('/', end - 1) + 1, end);
        Dir next;
        if (Name.isName(last)) {
          Name name = Name.of(last);
          dir.mkdir(name, attributes.mode().orElse(ALL_PERMISSIONS));
          NameSync.asConfigured(dir, place);
          next = enter(dir, name, place, end);
        } else {
          next = place.anchor().openDir(route(place, prefix(place, end)), LinkMode.FOLLOW);
        }
        Dir above = dir;
        dir = next;
        above.close();
      }
    } finally {
      dir.close();
    }
  }

  /** Returns where the components of a path end. */
  private static int[] ends(String text) {
    return IntStream.rangeClosed(1, text.length())
        .filter(i -> i == text.length() || text.charAt(i) == '/')
        .toArray();
  }

  private static String prefix(Place place, int end) {
    return place.route().text().substring(0, end);
  }

  private static String root(Place place) {
    return place.route().text().startsWith("/") ? "/" : "";
  }

  private static Route route(Place place, String text) {
    return new Route(text, place.display());
  }

  /** Opens what has just been created, by us or by others, who may have made a link. */
  private static Dir enter(Dir above, Name name, Place place, int end) throws IOException {
    try {
      return above.openDir(name);
    } catch (NotDirectoryException e) {
      Dir found = openIfThere(place, prefix(place, end));
      if (found == null) {
        throw new FileAlreadyExistsException(place.display(), null, "a link that leads nowhere");
      }
      return found;
    }
  }

  private static @Nullable Dir openIfThere(Place place, String text) throws IOException {
    try {
      return place.anchor().openDir(route(place, text), LinkMode.FOLLOW);
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
