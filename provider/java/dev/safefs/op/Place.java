package dev.safefs.op;

import dev.safefs.SafeConfig;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import java.io.IOException;

/**
 * Where a user's path is: the anchor it is resolved from, its route there, and the settings that
 * hold there.
 *
 * @param anchor not owned
 * @param route what to resolve
 * @param config the settings
 */
public record Place(Anchor anchor, Route route, SafeConfig config) {

  /**
   * Returns the user's path.
   *
   * @return for messages
   */
  public String display() {
    return route.display();
  }

  /**
   * Opens what is there, as {@link Anchor#open} does.
   *
   * @param links whether a link at its end is followed
   * @return to be closed
   * @throws IOException if it does not exist or cannot be opened
   */
  public FileHandle open(LinkMode links) throws IOException {
    return anchor.open(route, links);
  }

  /**
   * Returns the same place with another route.
   *
   * @param other the route
   * @return the place
   */
  public Place at(Route other) {
    return new Place(anchor, other, config);
  }
}
