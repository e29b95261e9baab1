package dev.safefs.portable;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** Permission bits as the delegate takes them. */
final class Permissions {
  private static final int SPECIAL = 07000;
  static final int OWNER_WRITE = 0200;

  /** Of a file that everybody may read and write. */
  static final int OPEN_FILE = 0666;

  /** Of a directory that everybody may read and write. */
  static final int OPEN_DIRECTORY = 0777;

  private Permissions() {}

  /**
   * Returns what a file is created with, so that there is no instant in which it is open to others.
   *
   * @param open the mode of which the delegate takes away what its umask, or its own default, says
   */
  static FileAttribute<?>[] initial(Host host, int mode, int open) {
    if (mode == open || !host.hasView("posix")) {
      return new FileAttribute<?>[0];
    }
    Set<PosixFilePermission> permissions = set(mode);
    return new FileAttribute<?>[] {
      new FileAttribute<Set<PosixFilePermission>>() {
        @Override
        public String name() {
          return "posix:permissions";
        }

        @Override
        public Set<PosixFilePermission> value() {
          return permissions;
        }
      }
    };
  }

  /**
   * Sets the bits, as far as the delegate has any; in the view {@code dos}, whether the owner may
   * write.
   */
  static void set(Host host, Where where, int mode) throws IOException {
    Optional<PosixFileAttributeView> posix = where.view(PosixFileAttributeView.class);
    if (posix.isPresent()) {
      posix.get().setPermissions(set(mode));
      if ((mode & SPECIAL) != 0) {
        special(host, where, mode);
      }
      return;
    }
    Optional<DosFileAttributeView> dos = where.view(DosFileAttributeView.class);
    if (dos.isPresent()) {
      dos.get().setReadOnly((mode & OWNER_WRITE) == 0);
    }
  }

  private static void special(Host host, Where where, int mode) throws IOException {
    try {
      where.byPath(
          path -> {
            host.provider().setAttribute(path, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
            return path;
          });
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      throw new FileSystemException("", null, "setuid, setgid and sticky cannot be set here");
    }
  }

  private static Set<PosixFilePermission> set(int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : PosixFilePermission.values()) {
      if ((mode & (1 << 8 - permission.ordinal())) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }
}
