package dev.safefs.linux;

import dev.safefs.handle.ByteText;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.NotLinkException;

/** Reads the content of symbolic links. */
final class SymbolicLink {
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
}
