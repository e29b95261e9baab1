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

  /** By its name in a directory, which needs neither a privilege nor procfs. */
  static CreateResult ofName(Host host, FdDir from, Name existing, FdDir dir, Name name)
      throws IOException {
    Syscalls sys = host.sys();
    byte[] source = CString.of(existing);
    byte[] path = CString.of(name);
    int result = from.fd().use(f -> dir.fd().once(d -> sys.linkat(f, source, d, path, 0)));
    if (result == -Errno.ENOENT) {
      dir.requireAlive(dir.display(name));
      return CreateResult.SOURCE_GONE;
    }
    return common(sys, dir, name, result, from.display(existing));
  }

  private static CreateResult outcome(Syscalls sys, FdFile file, FdDir dir, Name name, int result)
      throws IOException {
    if (result == -Errno.ENOENT) {
      dir.requireAlive(dir.display(name));
      // A file that has a name can be linked, but before Linux 6.10 neither without
      // CAP_DAC_READ_SEARCH nor without procfs.
      return isGone(sys, file) ? CreateResult.SOURCE_GONE : CreateResult.ONLY_BY_NAME;
    }
    // A filter or a security module that lets no file without a name have one. Where nothing may be
    // made at all, whoever falls back meets the same EPERM.
    if (result == -Errno.EPERM && isGone(sys, file)) {
      return CreateResult.SOURCE_GONE;
    }
    return common(sys, dir, name, result, file.display());
  }

  private static CreateResult common(
      Syscalls sys, FdDir dir, Name name, int result, String existing) throws IOException {
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
          throw Errnos.exception("linkat", result, dir.display(name), existing);
        }
        dir.lacks(Capability.HARD_LINK);
        yield CreateResult.UNSUPPORTED;
      }
      default -> throw Errnos.exception("linkat", result, dir.display(name), existing);
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
    return type == Abi.MSDOS_SUPER_MAGIC
        || type == Abi.EXFAT_SUPER_MAGIC
        || type == Abi.FUSE_SUPER_MAGIC;
  }
}
