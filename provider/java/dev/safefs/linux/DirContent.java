package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Listing;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import java.io.IOException;

/** What is done with a directory that takes a descriptor for reading: listing and syncing it. */
final class DirContent {
  private static final int READ = Abi.O_RDONLY | Abi.O_DIRECTORY | Abi.O_CLOEXEC;

  private final Host host;
  private final FdDir dir;
  private final String display;

  DirContent(Host host, FdDir dir, String display) {
    this.host = host;
    this.dir = dir;
    this.display = display;
  }

  Listing list() throws IOException {
    int result = open();
    if (result < 0) {
      throw Errnos.exception("openat", result, display);
    }
    return new FdListing(host.sys(), host.own(result), display);
  }

  void sync() throws IOException {
    int result = open();
    if (result == -Errno.EACCES) {
      throw cannotSync("openat", result);
    }
    if (result < 0) {
      throw Errnos.exception("openat", result, display);
    }
    Fd readable = host.own(result);
    int synced;
    try {
      synced = readable.once(host.sys()::fsync);
    } finally {
      readable.close();
    }
    if (synced == -Errno.EINVAL || synced == -Errno.EOPNOTSUPP) {
      dir.lacks(Capability.SYNC_NAME);
      throw cannotSync("fsync", synced);
    }
    if (synced < 0) {
      throw Errnos.exception("fsync", synced, display);
    }
  }

  /**
   * Opens the directory itself. Searching it, which {@code "."} takes, may be denied where reading
   * is not.
   */
  private int open() throws IOException {
    int result = dir.fd().call(n -> host.sys().openat(n, CString.DOT, READ, 0));
    return result == -Errno.EACCES && host.proc().isAvailable()
        ? host.proc()
            .path(dir.fd(), display, path -> host.sys().openat(Abi.AT_FDCWD, path, READ, 0))
        : result;
  }

  private GuaranteeUnavailableException cannotSync(String call, int result) {
    String why = Errnos.reason(call, result) + ": SYNC_NAME: this directory cannot be synced";
    return new GuaranteeUnavailableException(display, null, why);
  }
}
