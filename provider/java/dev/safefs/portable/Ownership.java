package dev.safefs.portable;

import dev.safefs.handle.Refusal;
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

  private final Host host;
  private final DelegateFile file;

  Ownership(Host host, DelegateFile file) {
    this.host = host;
    this.file = file;
  }

  /**
   * Sets them. A failure carries whether it is a matter of rights, which a delegate tells by its
   * text only.
   */
  void set(int owner, int group) throws IOException {
    try {
      file.change(where -> set(where, owner, group));
    } catch (FileSystemException e) {
      if (e.getClass() != FileSystemException.class || !keepsOwner(e)) {
        throw e;
      }
      FileSystemException refused = new FileSystemException(e.getFile(), null, e.getReason());
      refused.setStackTrace(e.getStackTrace());
      throw Refusal.NOT_PERMITTED.in(refused);
    }
  }

  /** The witness call: the owner that a file has may be given by that owner; chown(2). */
  private boolean keepsOwner(FileSystemException failure) {
    try {
      file.change(
          where -> {
            FileOwnerAttributeView view =
                where
                    .view(FileOwnerAttributeView.class)
                    .orElseThrow(() -> new FileSystemException(file.display()));
            view.setOwner(view.getOwner());
          });
      return true;
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private void set(Where where, int owner, int group) throws IOException {
    if (owner != KEEP) {
      Optional<UserPrincipal> user = host.stats().users().principal(owner);
      Optional<FileOwnerAttributeView> view = where.view(FileOwnerAttributeView.class);
      if (user.isPresent() && view.isPresent()) {
        view.get().setOwner(user.get());
      } else {
        byNumber(where, "unix:uid", owner);
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
        byNumber(where, "unix:gid", group);
      }
    }
  }

  private void byNumber(Where where, String attribute, int number) throws IOException {
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
