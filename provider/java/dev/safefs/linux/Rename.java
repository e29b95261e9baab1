package dev.safefs.linux;

import dev.safefs.handle.Capability;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Identity;
import dev.safefs.handle.Name;
import dev.safefs.handle.RenameResult;
import dev.safefs.request.Replace;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;

/**
 * One rename, and what its errno means. EINVAL is the ambiguous one: "no such flag here" and "a
 * directory into itself".
 *
 * <p><i>Races:</i> where a server ignores the flags (old ceph-fuse), the local kernel still refuses
 * a name that it sees taken, and holds the directory while it asks, so that a rename is exclusive
 * among the processes of this machine only. The operations find such servers out before they ask;
 * docs/adr/0010.
 */
final class Rename {
  private final Host host;
  private final Syscalls sys;
  private final FdDir source;
  private final Name name;
  private final FdDir target;
  private final Name newName;

  Rename(Host host, FdDir source, Name name, FdDir target, Name newName) {
    this.host = host;
    this.sys = host.sys();
    this.source = source;
    this.name = name;
    this.target = target;
    this.newName = newName;
  }

  RenameResult run(Replace replace) throws IOException {
    return switch (replace) {
      case REPLACE -> replaced(renameat());
      case NO_REPLACE -> flagged(Abi.RENAME_NOREPLACE, Capability.RENAME_NO_REPLACE);
      case EXCHANGE -> flagged(Abi.RENAME_EXCHANGE, Capability.RENAME_EXCHANGE);
    };
  }

  private RenameResult replaced(int result) throws IOException {
    // Some file systems' word for a directory with entries, such as that of xfs.
    return result == -Errno.EEXIST ? RenameResult.EXISTS : common("renameat", result);
  }

  private RenameResult flagged(int flag, Capability capability) throws IOException {
    int result = renameat2(flag);
    return switch (-result) {
      case Errno.EEXIST -> RenameResult.EXISTS;
      case Errno.EOPNOTSUPP, Errno.ENOTTY -> lacking(capability);
      case Errno.ENOSYS ->
          isAnsweredBy(Errno.ENOSYS, flag) ? lacking(capability) : RenameResult.UNSUPPORTED;
      case Errno.EINVAL -> {
        if (isIntoItself(source, name, target) || isIntoItself(target, newName, source)) {
          throw failed("renameat2", result);
        }
        yield lacking(capability);
      }
      case Errno.EPERM -> {
        if (!isAnsweredBy(Errno.EPERM, flag)) {
          throw failed("renameat2", result);
        }
        yield lacking(capability);
      }
      default -> common("renameat2", result);
    };
  }

  private RenameResult lacking(Capability capability) throws IOException {
    target.lacks(capability);
    return RenameResult.UNSUPPORTED;
  }

  private RenameResult common(String call, int result) throws IOException {
    return switch (-result) {
      case 0 -> RenameResult.RENAMED;
      case Errno.ENOTEMPTY -> RenameResult.NOT_EMPTY;
      case Errno.ENOTDIR, Errno.EISDIR -> RenameResult.TYPE_MISMATCH;
      case Errno.EXDEV -> RenameResult.CROSS_DEVICE;
      case Errno.ENOENT -> RenameResult.ABSENT;
      default -> throw failed(call, result);
    };
  }

  /**
   * The witness call: without names it is ENOENT wherever renameat2 may be called with this flag.
   */
  private boolean isAnsweredBy(int errno, int flag) {
    return sys.renameat2(Abi.AT_FDCWD, CString.EMPTY, Abi.AT_FDCWD, CString.EMPTY, flag) == -errno;
  }

  /** Tells whether what has a name is a directory that another one is beneath of. */
  private boolean isIntoItself(FdDir dir, Name moved, FdDir other) throws IOException {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    int result = StatxReader.read(sys, dir.fd(), CString.of(moved), statx);
    if (result < 0 || StatxReader.type(statx) != FileType.DIRECTORY) {
      return false;
    }
    Identity suspect = StatxReader.identity(statx);
    Fd place = duplicate(other.fd());
    try {
      Identity here = identity(place);
      while (!here.equals(suspect)) {
        Fd above = parentOf(place);
        place.close();
        place = above;
        Identity next = identity(place);
        if (next.equals(here)) {
          return false;
        }
        here = next;
      }
      return true;
    } finally {
      place.close();
    }
  }

  private Identity identity(Fd dir) throws IOException {
    return StatxReader.identity(StatxReader.require(sys, dir, source.display(name)));
  }

  private Fd duplicate(Fd dir) throws IOException {
    int result = dir.call(n -> sys.fcntl(n, Abi.F_DUPFD_CLOEXEC, 0));
    if (result < 0) {
      throw failed("fcntl", result);
    }
    return host.own(result);
  }

  /** Only to compare: nothing is done in a directory that was reached this way. */
  private Fd parentOf(Fd dir) throws IOException {
    int flags = Abi.O_PATH | Abi.O_DIRECTORY | Abi.O_CLOEXEC;
    int result = dir.call(n -> sys.openat(n, CString.DOT_DOT, flags, 0));
    if (result < 0) {
      throw failed("openat", result);
    }
    return host.own(result);
  }

  private int renameat() throws IOException {
    byte[] from = CString.of(name);
    byte[] to = CString.of(newName);
    return source.fd().use(s -> target.fd().once(t -> sys.renameat(s, from, t, to)));
  }

  private int renameat2(int flag) throws IOException {
    byte[] from = CString.of(name);
    byte[] to = CString.of(newName);
    return source.fd().use(s -> target.fd().once(t -> sys.renameat2(s, from, t, to, flag)));
  }

  private IOException failed(String call, int result) {
    return Errnos.exception(call, result, source.display(name), target.display(newName));
  }
}
