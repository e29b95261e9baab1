package dev.safefs.linux;

import dev.safefs.handle.Stat;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import java.io.IOException;

/**
 * Directories such as {@code /tmp}, which many may write to, and where the oldest traps are laid.
 * The kernel keeps out of them when it is given a path; whoever looks first and opens then, as we
 * do, has to do the same. proc_sys_fs(5); may_follow_link() and may_create_in_sticky() in
 * fs/namei.c.
 *
 * @param host the kernel
 * @param dir any directory
 * @param display the user's path
 */
record StickyDirectory(Host host, Fd dir, String display) {
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITE = 0020;

  /** What systemd sets: not those that only a group may write to. */
  private static final int USUAL = 1;

  /**
   * Refuses to follow another user's link, unless it is the directory's owner's. So does the kernel
   * where {@code fs.protected_symlinks} is set, and we whatever that is set to.
   *
   * @param owner of the link
   * @throws java.nio.file.AccessDeniedException if it is not to be followed
   */
  void checkMayFollow(int owner) throws IOException {
    if (owner != host.sys().geteuid() && isTrap(owner, OTHERS_WRITE)) {
      throw refusal();
    }
  }

  /**
   * Refuses to take another user's file for the one that was to be created, where {@code
   * fs.protected_regular} or {@code fs.protected_fifos} asks for it, or nobody can tell: its owner
   * would read what is written.
   *
   * @throws java.nio.file.AccessDeniedException if it is not to be opened
   */
  void checkMayTake(Stat file) throws IOException {
    if (file.owner() == host.sys().geteuid() || !isTrap(file.owner(), OTHERS_WRITE | GROUP_WRITE)) {
      return;
    }
    int level =
        switch (file.type()) {
          case REGULAR -> level("protected_regular");
          case FIFO -> level("protected_fifos");
          default -> 0;
        };
    if (level >= 2 || (level == 1 && isTrap(file.owner(), OTHERS_WRITE))) {
      throw refusal();
    }
  }

  private int level(String setting) {
    return host.proc().setting(setting).orElse(USUAL);
  }

  /**
   * Tells whether it is sticky, some of those may write to it, and an owner is not its own. In a
   * container all owners from outside have one number.
   */
  private boolean isTrap(int owner, int writers) throws IOException {
    byte[] statx = StatxReader.require(host.sys(), dir, display);
    int mode = Structs.statxMode(statx);
    return (mode & Abi.S_ISVTX) != 0
        && (mode & writers) != 0
        && (owner != Structs.statxUid(statx) || !host.proc().hasNumber(owner));
  }

  private IOException refusal() {
    return Errnos.exception("openat", -Errno.EACCES, display);
  }
}
