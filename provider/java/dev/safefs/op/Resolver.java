package dev.safefs.op;

import dev.safefs.LinkPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.Anchor.LinkText;
import dev.safefs.handle.ByteText;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.handle.Stat;
import dev.safefs.op.Followed.Naming;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** Resolves places to the directory and name that an operation acts on. */
final class Resolver {
  /** As many links as the kernel follows in one path; path_resolution(7). */
  private static final int LINK_BUDGET = 40;

  private static final int ORDINARY_LINK_MODE = 0777;

  private Resolver() {}

  /**
   * Opens the directory that holds the last name of a place, which is not looked at.
   *
   * @throws FileSystemException for a place without a name, such as a root, once it was found to
   *     exist
   * @throws IOException if the directory cannot be opened
   */
  static ParentRef parent(Place place) throws IOException {
    if (!place.route().hasName()) {
      place.open(LinkMode.FOLLOW).close();
      throw new FileSystemException(place.display(), null, "EBUSY: names no entry of a directory");
    }
    return place.anchor().parent(place.route());
  }

  /**
   * Looks at the last name of a place, and follows links there if asked, each hop resolved from the
   * anchor again, so that a confined one stays confined. A name that does not exist is no failure:
   * that is where an open would create it.
   *
   * @throws PathEscapeException if a link is absolute or refused and the anchor confines
   * @throws IOException if a hop cannot be resolved
   */
  static Followed find(Place place, LinkMode links) throws IOException {
    return links == LinkMode.FOLLOW ? follow(place) : last(place, parent(place));
  }

  /** Follows links at the end of a place, as {@link #find} does. */
  static Followed follow(Place place) throws IOException {
    Route route = place.route();
    for (int hop = 0; hop <= LINK_BUDGET; hop++) {
      Place here = place.at(route);
      try (Cleanup.Scope scope = new Cleanup.Scope()) {
        Followed found = scope.add(last(here, parent(here)));
        if (found.file().isEmpty()) {
          scope.release();
          return found;
        }
        FileHandle file = found.file().get();
        Stat stat = file.stat();
        if (stat.type() != FileType.SYMLINK) {
          scope.release();
          return new Followed(found.parent(), found.file(), Optional.of(stat), found.naming());
        }
        LinkText text = here.anchor().checkMayFollow(found.parent().dir(), stat, here.display());
        String target = file.readLink();
        if (text == LinkText.DESCRIPTION || isMadeUp(stat, target)) {
          return byKernel(here);
        }
        route = through(place, route, here.anchor().linkText(target));
      }
    }
    throw new FileSystemException(
        place.display(), null, "ELOOP: too many levels of symbolic links");
  }

  private static Followed last(Place place, ParentRef parent) throws IOException {
    try {
      Optional<FileHandle> file = parent.dir().find(parent.name());
      return new Followed(parent, file, Optional.empty(), Naming.BY_NAME);
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(parent, e);
      throw e;
    }
  }

  private static Followed byKernel(Place place) throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      ParentRef parent = scope.add(parent(place));
      FileHandle file = place.open(LinkMode.FOLLOW);
      scope.release();
      return new Followed(parent, Optional.of(file), Optional.empty(), Naming.BY_KERNEL);
    }
  }

  /**
   * Tells whether a link is one of those in {@code /proc/PID/fd}, where the anchor cannot tell:
   * they have the mode of the open file and never the size of their text; proc(5). Everywhere else
   * on Linux links have the mode 0777; symlink(7).
   */
  private static boolean isMadeUp(Stat link, String target) {
    return link.mode() != ORDINARY_LINK_MODE
        && (link.mode() & 0077) == 0
        && (link.sizeBytes() == 64 || link.sizeBytes() != ByteText.encode(target).length);
  }

  private static Route through(Place place, Route route, String target) throws IOException {
    boolean confined = place.anchor().isConfining();
    LinkPolicy policy = place.config().links();
    if (confined
        && (policy == LinkPolicy.REFUSE
            || (policy == LinkPolicy.BENEATH && target.startsWith("/")))) {
      throw new PathEscapeException(
          place.display(), null, "symbolic link refused by links=" + policy);
    }
    return route.throughLink(plain(target));
  }

  /** Returns a link's text without repeated and trailing separators. */
  private static String plain(String target) {
    String text = target;
    while (text.contains("//")) {
      text = text.replace("//", "/");
    }
    return text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
