package dev.safefs.linux;

import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The view {@code posix} of an open object. */
record PosixView(HandleViews views) implements PosixFileAttributeView {
  @Override
  public String name() {
    return "posix";
  }

  @Override
  public PosixFileAttributes readAttributes() throws IOException {
    return views.read(
        PosixFileAttributeView.class, PosixFileAttributeView::readAttributes, held -> held);
  }

  @Override
  public void setTimes(
      @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
      throws IOException {
    views.setTimes(modified, accessed);
  }

  @Override
  public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
    views.setPermissions(permissions);
  }

  @Override
  public void setGroup(GroupPrincipal group) throws IOException {
    views.setGroup(group);
  }

  @Override
  public UserPrincipal getOwner() throws IOException {
    return views.read(
        PosixFileAttributeView.class, PosixFileAttributeView::getOwner, HeldAttributes::owner);
  }

  @Override
  public void setOwner(UserPrincipal owner) throws IOException {
    views.setOwner(owner);
  }
}
