package dev.safefs.linux;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * A lock of an open file description, fcntl(2), Linux 3.15. A write lock, which excludes all
 * others, where the descriptor may write; else a read lock, because a directory cannot be opened
 * for writing; two of those that are taken at once see each other, and both give up.
 */
final class OpenFileLock implements Closeable {
  private final Syscalls sys;
  private final Fd fd;

  private OpenFileLock(Syscalls sys, Fd fd) {
    this.sys = sys;
    this.fd = fd;
  }

  static Optional<Closeable> tryWriteLock(Syscalls sys, Fd fd, String display) throws IOException {
    OpenFileLock lock = new OpenFileLock(sys, fd);
    return lock.isDone(lock.fcntl(Abi.F_OFD_SETLK, lock.range(Abi.F_WRLCK)), display)
        ? Optional.of(lock)
        : Optional.empty();
  }

  static Optional<Closeable> tryLock(Syscalls sys, Fd fd, String display) throws IOException {
    OpenFileLock lock = new OpenFileLock(sys, fd);
    if (!lock.isDone(lock.fcntl(Abi.F_OFD_SETLK, lock.range(Abi.F_RDLCK)), display)) {
      return Optional.empty();
    }
    byte[] conflict = lock.range(Abi.F_WRLCK);
    boolean isAlone = false;
    try {
      isAlone =
          lock.isDone(lock.fcntl(Abi.F_OFD_GETLK, conflict), display)
              && Structs.flockType(conflict) == Abi.F_UNLCK;
    } finally {
      if (!isAlone) {
        lock.close();
      }
    }
    return isAlone ? Optional.of(lock) : Optional.empty();
  }

  /** Unlocks. If the descriptor is closed, the kernel has done so. */
  @Override
  public void close() {
    try {
      fcntl(Abi.F_OFD_SETLK, range(Abi.F_UNLCK));
    } catch (IOException e) {
      // Closed: nothing is locked any more.
      return;
    }
  }

  private boolean isDone(int result, String display) throws IOException {
    return switch (-result) {
      // Held by another, or not to be had here.
      case Errno.EAGAIN,
          Errno.EACCES,
          Errno.EINVAL,
          Errno.ENOSYS,
          Errno.EOPNOTSUPP,
          Errno.ENOLCK,
          Errno.EPERM ->
          false;
      default -> {
        if (result < 0) {
          throw Errnos.exception("fcntl", result, display);
        }
        yield true;
      }
    };
  }

  private int fcntl(int command, byte[] flock) throws IOException {
    return fd.call(n -> sys.fcntl(n, command, flock));
  }

  private byte[] range(int type) {
    return Structs.flock(type, 0, 0);
  }
}
