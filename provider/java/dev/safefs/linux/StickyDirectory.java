package dev.safefs.linux;

import dev.safefs.handle.SharedDirectory;
import dev.safefs.handle.Stat;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import java.io.IOException;

/**
 * Keeps out of the traps of a {@link SharedDirectory}, if the directory is one.
 *
 * @param host the kernel
 * @param dir any directory
 * @param display the user's path
 */
record StickyDirectory(Host host, Fd dir, String display) {

  /**
   * Refuses to follow another user's link, unless it is the directory's owner's.
   *
   * @param owner of the link
   * @throws java.nio.file.AccessDeniedException if it is not to be followed
   */
  void checkMayFollow(int owner) throws IOException {
    if (owner != host.sys().geteuid() && shared().refusesToFollow(owner)) {
      throw refusal();
    }
  }

  /**
   * Refuses to take another user's file for the one that was to be created.
   *
   * @throws java.nio.file.AccessDeniedException if it is not to be opened
   */
  void checkMayTake(Stat file) throws IOException {
    if (file.owner() != host.sys().geteuid() && shared().refusesToTake(file)) {
      throw refusal();
    }
  }

  private SharedDirectory shared() throws IOException {
    byte[] statx = StatxReader.require(host.sys(), dir, display);
    return new SharedDirectory(
        Structs.statxMode(statx),
        Structs.statxUid(statx),
        owner -> host.proc().hasNumber(owner),
        setting -> host.proc().setting(setting));
  }

  private IOException refusal() {
    return Errnos.exception("openat", -Errno.EACCES, display);
  }
}
