package dev.safefs.portable;

import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Directories such as {@code /tmp}, which many may write to. The kernel keeps those who follow
 * links from other users' links there, and those who create files from other users' files; who
 * looks himself, as we do, has to do the same.
 *
 * @param host the delegate
 * @param dir any directory; sticky as far as the delegate tells
 * @param display the user's path
 */
record StickyDirectory(Host host, HeldDir dir, String display) {
  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITE = 0020;

  /** What systemd sets: not those that only a group may write to. */
  private static final int USUAL = 1;

  /**
   * Refuses to follow another user's link, unless it is the directory's owner's.
   *
   * @param link its attributes
   * @throws AccessDeniedException if it is not to be followed
   */
  void checkMayFollow(Stat link) throws IOException {
    if (host.hasView("unix") && isTrap(link.owner(), OTHERS_WRITE) && !isOwn(link.owner())) {
      throw new AccessDeniedException(display);
    }
  }

  /**
   * Refuses to take another user's file for the one that was to be created, where {@code
   * fs.protected_regular} or {@code fs.protected_fifos} asks for it, or nobody can tell. Only where
   * the delegate's files are those of this machine's kernel: who asks a server is not its user.
   *
   * @throws AccessDeniedException if it is not to be opened
   */
  void checkMayTake(Stat file) throws IOException {
    if (!host.procfs().isOfDelegate()
        || !host.hasView("unix")
        || !isTrap(file.owner(), OTHERS_WRITE | GROUP_WRITE)
        || isOwn(file.owner())) {
      return;
    }
    int level =
        switch (file.type()) {
          case REGULAR -> level("protected_regular");
          case FIFO -> level("protected_fifos");
          default -> 0;
        };
    if (level >= 2 || (level == 1 && isTrap(file.owner(), OTHERS_WRITE))) {
      throw new AccessDeniedException(display);
    }
  }

  private int level(String setting) {
    return host.procfs().setting(setting).orElse(USUAL);
  }

  /**
   * Tells whether it is sticky, some of those may write to it, and an owner is not its own. In a
   * container all owners from outside have one number.
   */
  private boolean isTrap(int owner, int writers) throws IOException {
    Stat stat = dir.byPath(host.stats()::read);
    return (stat.mode() & STICKY) != 0
        && (stat.mode() & writers) != 0
        && (owner != stat.owner() || !host.procfs().hasUser(owner));
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
