package dev.safefs.linux;

import dev.safefs.handle.Capability;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Name;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;

/**
 * Gives an open object a name. By descriptor, which needs CAP_DAC_READ_SEARCH before Linux 6.10 and
 * is ENOENT without it; else by its path in procfs.
 */
final class HardLink {
  private static final long MSDOS_SUPER_MAGIC = 0x4d44;
  private static final long EXFAT_SUPER_MAGIC = 0x2011_bab0L;

  private HardLink() {}

  static CreateResult create(Host host, FdFile file, FdDir dir, Name name) throws IOException {
    Syscalls sys = host.sys();
    byte[] path = CString.of(name);
    int result =
        file.fd()
            .use(f -> dir.fd().once(d -> sys.linkat(f, CString.EMPTY, d, path, Abi.AT_EMPTY_PATH)));
    if ((result == -Errno.ENOENT || result == -Errno.EPERM) && host.proc().isAvailable()) {
      result =
          dir.fd()
              .use(
                  d ->
                      host.proc()
                          .path(
                              file.fd(),
                              dir.display(name),
                              p -> sys.linkat(Abi.AT_FDCWD, p, d, path, Abi.AT_SYMLINK_FOLLOW)));
    }
    return outcome(sys, file, dir, name, result);
  }

  private static CreateResult outcome(Syscalls sys, FdFile file, FdDir dir, Name name, int result)
      throws IOException {
    return switch (-result) {
      case 0 -> CreateResult.CREATED;
      case Errno.EEXIST -> CreateResult.EXISTS;
      case Errno.EXDEV -> CreateResult.CROSS_DEVICE;
      case Errno.ENOSYS, Errno.EOPNOTSUPP -> {
        dir.lacks(Capability.HARD_LINK);
        yield CreateResult.UNSUPPORTED;
      }
      case Errno.EPERM -> {
        if (!isWithoutLinks(sys, dir)) {
          throw Errnos.exception("linkat", result, dir.display(name), file.display());
        }
        dir.lacks(Capability.HARD_LINK);
        yield CreateResult.UNSUPPORTED;
      }
      case Errno.ENOENT -> {
        dir.requireAlive(dir.display(name));
        if (isGone(sys, file)) {
          yield CreateResult.SOURCE_GONE;
        }
        throw Errnos.exception("linkat", result, dir.display(name), file.display());
      }
      default -> throw Errnos.exception("linkat", result, dir.display(name), file.display());
    };
  }

  private static boolean isGone(Syscalls sys, FdFile file) throws IOException {
    return Structs.statxNlink(StatxReader.require(sys, file.fd(), file.display())) == 0;
  }

  /** EPERM is mostly about one file, but FAT and some FUSE servers say so to every link. */
  private static boolean isWithoutLinks(Syscalls sys, FdDir dir) throws IOException {
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    if (dir.fd().call(n -> sys.fstatfs(n, statfs)) < 0) {
      return false;
    }
    long type = Structs.statfsType(statfs);
    return type == MSDOS_SUPER_MAGIC || type == EXFAT_SUPER_MAGIC || type == Abi.FUSE_SUPER_MAGIC;
  }
}
