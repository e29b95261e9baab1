package dev.safefs.portable;

import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/**
 * Directories such as {@code /tmp}, which many may write to. The kernel keeps those who follow
 * links from other users' links there; who reads them himself, as we do, has to do the same.
 */
final class StickyDirectory {
  private static final int STICKY_AND_WRITABLE_BY_OTHERS = 01002;

  private StickyDirectory() {}

  /**
   * Refuses to follow another user's link, unless it is the directory's owner's.
   *
   * @param dir where it was found; sticky as far as the delegate tells
   * @param link its attributes
   * @throws AccessDeniedException if it is not to be followed
   */
  static void checkMayFollow(Host host, HeldDir dir, Stat link, String display) throws IOException {
    if (!host.hasView("unix")) {
      return;
    }
    Stat stat = dir.byPath(host.stats()::read);
    boolean isShared =
        (stat.mode() & STICKY_AND_WRITABLE_BY_OTHERS) == STICKY_AND_WRITABLE_BY_OTHERS;
    if (isShared && link.owner() != stat.owner() && !isOwn(host, link.owner())) {
      throw new AccessDeniedException(display);
    }
  }

  /** Tells whether a file is this program's user's, whose name is all that is known of him. */
  private static boolean isOwn(Host host, int owner) {
    Optional<UserPrincipal> user = host.stats().users().principal(owner);
    try {
      UserPrincipal own =
          host.fileSystem()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(System.getProperty("user.name", ""));
      return user.isPresent() && user.get().equals(own);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
