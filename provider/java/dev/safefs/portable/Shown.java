package dev.safefs.portable;

import dev.safefs.handle.Name;
import dev.safefs.handle.Route;
import java.util.Optional;

/**
 * How a directory and the names in it are shown to the user.
 *
 * @param dir the directory's path, empty if the user's path is a single relative name
 * @param known the user's own path of one name in it
 */
record Shown(String dir, Optional<Known> known) {

  /** A name and the user's path of it. */
  record Known(Name name, String display) {}

  /** A directory that the user named itself. */
  static Shown directory(String display) {
    return new Shown(display, Optional.empty());
  }

  /** The directory that holds a route's last name. */
  static Shown parentOf(Route route, Name name) {
    String display = route.display();
    int slash = Math.max(display.lastIndexOf('/'), display.lastIndexOf('\\'));
    String dir = slash > 0 ? display.substring(0, slash) : slash == 0 ? "/" : "";
    return new Shown(dir, Optional.of(new Known(name, display)));
  }

  /** Returns the path of a name in the directory. */
  String name(Name name) {
    if (known.isPresent() && known.get().name().equals(name)) {
      return known.get().display();
    }
    return dir.isEmpty() || dir.endsWith("/") ? dir + name.text() : dir + "/" + name.text();
  }
}
