package dev.safefs.op;

import dev.safefs.LinkPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** Resolves places to the directory and name that an operation acts on. */
final class Resolver {
  /** As many links as the kernel follows in one path; path_resolution(7). */
  private static final int LINK_BUDGET = 40;

  private Resolver() {}

  /**
   * Opens the directory that holds the last name of a place, which is not looked at.
   *
   * @throws FileSystemException for a place without a name, such as a root, once it was found to exist
   * @throws IOException if the directory cannot be opened
   */
  static ParentRef parent(Place place) throws IOException {
    if (!place.route().hasName()) {
      place.anchor().open(place.route(), LinkMode.FOLLOW).close();
      throw new FileSystemException(place.display(), null, "EBUSY: names no entry of a directory");
    }
    return place.anchor().parent(place.route());
  }

  /**
   * Follows links at the end of a place, each hop resolved from the anchor again, so that a confined one stays confined. A
   * name that does not exist at the end is no failure: that is where an open would create it.
   *
   * @throws PathEscapeException if a link is absolute or refused and the anchor confines
   * @throws IOException if a hop cannot be resolved
   */
  static Followed follow(Place place) throws IOException {
    Route route = place.route();
    for (int hop = 0; hop <= LINK_BUDGET; hop++) {
      ParentRef parent = parent(place.at(route));
      try {
        Optional<FileHandle> file = parent.dir().find(parent.name());
        if (file.isEmpty() || file.get().stat().type() != FileType.SYMLINK) {
          return new Followed(parent, file);
        }
        try (FileHandle link = file.get()) {
          route = through(place, route, link.readLink());
        }
      } catch (IOException | RuntimeException e) {
        Cleanup.close(parent, e);
        throw e;
      }
      parent.close();
    }
    throw new FileSystemException(place.display(), null, "ELOOP: too many levels of symbolic links");
  }

  private static Route through(Place place, Route route, String target) throws IOException {
    boolean confined = place.anchor().isConfining();
    LinkPolicy policy = place.config().links();
    if (confined && (policy == LinkPolicy.REFUSE || (policy == LinkPolicy.BENEATH && target.startsWith("/")))) {
      throw new PathEscapeException(place.display(), null, "symbolic link refused by links=" + policy);
    }
    String text = target;
    while (text.length() > 1 && text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    return route.throughLink(text);
  }
}
