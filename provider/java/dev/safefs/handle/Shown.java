package dev.safefs.handle;

import java.util.Optional;

/**
 * How a directory and the names in it are shown to the user.
 *
 * @param dir the directory's path, empty if the user's path is a single relative name
 * @param known the user's own path of one name in it
 */
public record Shown(String dir, Optional<Known> known) {

  /**
   * A name and the user's path of it.
   *
   * @param name the name
   * @param display the path
   */
  public record Known(Name name, String display) {}

  /**
   * A directory that the user named itself.
   *
   * @param display the user's path of it
   * @return how it is shown
   */
  public static Shown directory(String display) {
    return new Shown(display, Optional.empty());
  }

  /**
   * The directory that holds a route's last name.
   *
   * @param route a path in the directory
   * @param name the name that it ends in
   * @param slash where the last separator is in what is displayed of the route; -1 for none
   * @return how it is shown
   */
  public static Shown parentOf(Route route, Name name, int slash) {
    String display = route.display();
    String dir = slash > 0 ? display.substring(0, slash) : slash == 0 ? "/" : "";
    return new Shown(dir, Optional.of(new Known(name, display)));
  }

  /**
   * Returns the path of a name in the directory.
   *
   * @param name the name
   * @return the path
   */
  public String name(Name name) {
    if (known.isPresent() && known.get().name().equals(name)) {
      return known.get().display();
    }
    return dir.isEmpty() || dir.endsWith("/") ? dir + name.text() : dir + "/" + name.text();
  }
}
