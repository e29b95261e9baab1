package dev.safefs.portable;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;

/** Sets owner and group by the principals that were seen with a number, else by the number. */
final class Ownership {
  private static final int KEEP = -1;

  private Ownership() {}

  static void set(Host host, DelegateFile.Where where, int owner, int group) throws IOException {
    if (owner != KEEP) {
      Optional<UserPrincipal> user = host.stats().users().principal(owner);
      Optional<FileOwnerAttributeView> view = where.view(FileOwnerAttributeView.class);
      if (user.isPresent() && view.isPresent()) {
        view.get().setOwner(user.get());
      } else {
        byNumber(host, where, "unix:uid", owner);
      }
    }
    if (group != KEEP) {
      Optional<UserPrincipal> principal = host.stats().groups().principal(group);
      Optional<PosixFileAttributeView> view = where.view(PosixFileAttributeView.class);
      if (principal.isPresent()
          && principal.get() instanceof GroupPrincipal known
          && view.isPresent()) {
        view.get().setGroup(known);
      } else {
        byNumber(host, where, "unix:gid", group);
      }
    }
  }

  private static void byNumber(Host host, DelegateFile.Where where, String attribute, int number)
      throws IOException {
    try {
      where.byPath(
          path -> {
            host.provider().setAttribute(path, attribute, number, LinkOption.NOFOLLOW_LINKS);
            return path;
          });
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      throw new FileSystemException(
          "", null, "the delegate knows no owner or group of number " + number);
    }
  }
}
