package dev.safefs.linux;

import dev.safefs.request.LinkMode;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;

/** What a resolution is to end at. All are opened with O_PATH: no hang, no side effect. */
enum Goal {
  /** A directory on the way to the user's name. */
  PARENT(Abi.O_DIRECTORY),
  /** A directory that the user named. */
  DIRECTORY(Abi.O_DIRECTORY),
  /** A directory that the user named, a link to one refused. */
  DIRECTORY_ITSELF(Abi.O_DIRECTORY | Abi.O_NOFOLLOW),
  /** Anything, behind links. */
  OBJECT(0),
  /** Anything, a link itself included. */
  OBJECT_ITSELF(Abi.O_NOFOLLOW);

  private final int flags;

  Goal(int flags) {
    this.flags = flags | Abi.O_PATH | Abi.O_CLOEXEC;
  }

  static Goal directory(LinkMode links) {
    return links == LinkMode.FOLLOW ? DIRECTORY : DIRECTORY_ITSELF;
  }

  static Goal object(LinkMode links) {
    return links == LinkMode.FOLLOW ? OBJECT : OBJECT_ITSELF;
  }

  /** Returns the flags to open it with. */
  int flags() {
    return flags;
  }

  boolean isDirectory() {
    return (flags & Abi.O_DIRECTORY) != 0;
  }

  boolean followsLast() {
    return (flags & Abi.O_NOFOLLOW) == 0;
  }

  /**
   * Makes the exception for a failed open: only a directory that the user named is "not a
   * directory".
   */
  FileSystemException exception(String call, int result, String display) {
    boolean notDirectory = result == -Errno.ENOTDIR && isDirectory() && this != PARENT;
    return notDirectory
        ? new NotDirectoryException(display)
        : Errnos.exception(call, result, display);
  }
}
