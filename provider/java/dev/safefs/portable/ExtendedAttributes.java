package dev.safefs.portable;

import dev.safefs.handle.FileType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemException;
import java.nio.file.attribute.AclEntry;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries user-defined attributes and the access control list over, where the delegate shows them.
 */
final class ExtendedAttributes {
  private final Host host;
  private final DelegateFile source;
  private final DelegateFile target;

  ExtendedAttributes(Host host, DelegateFile source, DelegateFile target) {
    this.host = host;
    this.source = source;
    this.target = target;
  }

  /** Does nothing for symbolic links: the JDK's views of both kinds are of what they lead to. */
  void copy() throws IOException {
    if (source.type() == FileType.SYMLINK) {
      return;
    }
    if (host.hasView("acl")) {
      accessControl();
    }
    if (host.hasView("user") && hasUserDefined(source)) {
      userDefined();
    }
  }

  private void accessControl() throws IOException {
    Optional<AclFileAttributeView> from = source.view(AclFileAttributeView.class);
    Optional<AclFileAttributeView> to = target.view(AclFileAttributeView.class);
    if (from.isPresent() && to.isPresent()) {
      // sshd-sftp has none to show.
      @Nullable List<AclEntry> acl = from.get().getAcl();
      if (acl != null && !acl.equals(to.get().getAcl())) {
        to.get().setAcl(acl);
      }
    }
  }

  private void userDefined() throws IOException {
    Optional<UserDefinedFileAttributeView> from = source.view(UserDefinedFileAttributeView.class);
    Optional<UserDefinedFileAttributeView> to = target.view(UserDefinedFileAttributeView.class);
    if (from.isEmpty() || to.isEmpty()) {
      return;
    }
    List<String> names = from.get().list();
    if (names.isEmpty() && !hasUserDefined(target)) {
      return;
    }
    List<String> surplus = new ArrayList<>(to.get().list());
    surplus.removeAll(names);
    for (String name : names) {
      copy(from.get(), to.get(), name);
    }
    for (String name : surplus) {
      to.get().delete(name);
    }
  }

  private void copy(UserDefinedFileAttributeView from, UserDefinedFileAttributeView to, String name)
      throws IOException {
    ByteBuffer value = ByteBuffer.allocate(from.size(name));
    from.read(name, value);
    value.flip();
    try {
      to.write(name, value);
    } catch (FileSystemException e) {
      FileSystemException named =
          new FileSystemException(
              target.display(), null, "user." + name + " could not be kept: " + e.getReason());
      named.initCause(e);
      throw named;
    }
  }

  private static boolean hasUserDefined(DelegateFile file) throws IOException {
    return file.fileStore().supportsFileAttributeView(UserDefinedFileAttributeView.class);
  }
}
