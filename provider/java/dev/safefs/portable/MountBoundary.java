package dev.safefs.portable;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.MountPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import java.io.IOException;
import java.nio.file.FileStore;
import java.util.Optional;

/**
 * Where a walk ends that is to stay on one mount, as far as the delegate's file stores tell mounts
 * apart. Promise R3.
 */
final class MountBoundary {
  private final Host host;
  private final Optional<FileStore> store;

  private MountBoundary(Host host, Optional<FileStore> store) {
    this.host = host;
    this.store = store;
  }

  /** Returns the boundary of a walk that crosses mounts. */
  static MountBoundary none(Host host) {
    return new MountBoundary(host, Optional.empty());
  }

  static MountBoundary of(Host host, MountPolicy policy, HeldDir root, String display)
      throws IOException {
    if (policy == MountPolicy.CROSS) {
      return none(host);
    }
    try {
      return new MountBoundary(host, Optional.of(root.byPath(host.provider()::getFileStore)));
    } catch (UnsupportedOperationException e) {
      throw new GuaranteeUnavailableException(
          display, null, "R3: the delegate has no file stores, and mounts=STAY");
    }
  }

  /** Refuses a name that is on another mount. A link is on that of its directory. */
  void check(HeldDir dir, Name name, FileType type, String display) throws IOException {
    if (store.isEmpty() || type == FileType.SYMLINK) {
      return;
    }
    FileStore other =
        dir.byPath(path -> host.provider().getFileStore(path.resolve(host.names().path(name))));
    if (!other.equals(store.get())) {
      throw new PathEscapeException(display, null, "on another mount, and mounts=STAY");
    }
  }
}
