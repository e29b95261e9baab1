package dev.safefs.linux;

import dev.safefs.handle.ByteText;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.NotLinkException;

/** Reads the content of symbolic links. */
final class SymbolicLink {
  private static final long ST_NOSYMFOLLOW = 0x2000;
  private static final int FIRST_BYTES = 256;
  private static final int MOST_BYTES = 16 * Abi.PATH_MAX;

  private SymbolicLink() {}

  /**
   * Reads an open link.
   *
   * @throws NotLinkException if it is none
   */
  static String read(Syscalls sys, Fd link, String display) throws IOException {
    for (int size = FIRST_BYTES; ; size *= 4) {
      byte[] target = new byte[size];
      int length = link.call(n -> sys.readlinkat(n, CString.EMPTY, target));
      // An empty path to something else is ENOENT, since Linux 2.6.39.
      if (length == -Errno.EINVAL || length == -Errno.ENOENT) {
        throw new NotLinkException(display);
      }
      if (length < 0) {
        throw Errnos.exception("readlinkat", length, display);
      }
      if (length < size || size >= MOST_BYTES) {
        return ByteText.decode(target, 0, length);
      }
    }
  }

  /**
   * Refuses to follow a link of a mount that has none followed: {@code nosymfollow}, Linux 5.10.
   *
   * @param object the link, or the directory that it is in
   * @return what statfs(2) tells of it
   * @throws java.nio.file.FileSystemException if the mount is such a one
   */
  static byte[] checkFollowed(Syscalls sys, Fd object, String display) throws IOException {
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    int result = object.call(n -> sys.fstatfs(n, statfs));
    if (result < 0) {
      throw Errnos.exception("fstatfs", result, display);
    }
    if ((Structs.statfsFlags(statfs) & ST_NOSYMFOLLOW) != 0) {
      throw Errnos.exception("openat", -Errno.ELOOP, display);
    }
    return statfs;
  }
}
