package dev.safefs.linux;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;

/**
 * Directories such as {@code /tmp}, which all may write to: links there are the oldest trap. The
 * kernel follows only those of the caller or of the directory's owner where {@code
 * fs.protected_symlinks} is set; whoever follows a link instead of the kernel does the same,
 * whatever that is set to. proc_sys_fs(5); may_follow_link() in fs/namei.c.
 */
final class StickyDirectory {
  private static final int STICKY_AND_SHARED = Abi.S_ISVTX | 0002;

  private StickyDirectory() {}

  /**
   * Refuses to follow a link that another user has put into such a directory.
   *
   * @param dir where it is
   * @param link what statx(2) tells of it
   * @throws java.nio.file.AccessDeniedException if it is not to be followed
   */
  static void checkMayFollow(Syscalls sys, Fd dir, byte[] link, String display) throws IOException {
    int owner = Structs.statxUid(link);
    if (owner == sys.geteuid()) {
      return;
    }
    byte[] statx = StatxReader.require(sys, dir, display);
    boolean isShared = (Structs.statxMode(statx) & STICKY_AND_SHARED) == STICKY_AND_SHARED;
    if (isShared && owner != Structs.statxUid(statx)) {
      throw Errnos.exception("openat", -Errno.EACCES, display);
    }
  }
}
