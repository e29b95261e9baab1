package dev.safefs.portable;

import dev.safefs.handle.SharedDirectory;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Keeps out of the traps of a {@link SharedDirectory}, if the directory is one.
 *
 * @param host the delegate
 * @param dir any directory; sticky as far as the delegate tells
 * @param display the user's path
 */
record StickyDirectory(Host host, HeldDir dir, String display) {

  /**
   * Refuses to follow another user's link, unless it is the directory's owner's.
   *
   * @param link its attributes
   * @throws AccessDeniedException if it is not to be followed
   */
  void checkMayFollow(Stat link) throws IOException {
    if (host.hasView("unix") && shared().refusesToFollow(link.owner()) && !isOwn(link.owner())) {
      throw new AccessDeniedException(display);
    }
  }

  /**
   * Refuses to take another user's file for the one that was to be created. Only where the
   * delegate's files are those of this machine's kernel: who asks a server is not its user.
   *
   * @throws AccessDeniedException if it is not to be opened
   */
  void checkMayTake(Stat file) throws IOException {
    if (host.procfs().isOfDelegate()
        && host.hasView("unix")
        && shared().refusesToTake(file)
        && !isOwn(file.owner())) {
      throw new AccessDeniedException(display);
    }
  }

  private SharedDirectory shared() throws IOException {
    Stat stat = dir.byPath(host.stats()::read);
    return new SharedDirectory(
        stat.mode(),
        stat.owner(),
        owner -> host.procfs().hasUser(owner),
        setting -> host.procfs().setting(setting));
  }

  /** Tells whether a file is this program's user's, who may have a number, a name, or both. */
  private boolean isOwn(int owner) {
    OptionalInt self = host.procfs().self();
    return self.isPresent() && self.getAsInt() == owner || isNamed(owner);
  }

  private boolean isNamed(int owner) {
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
