package dev.safefs.linux;

import dev.safefs.handle.Entry;
import dev.safefs.handle.Listing;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.util.Optional;

/** A listing over a descriptor of its own. */
final class FdListing implements Listing {
  private final Syscalls sys;
  private final Fd fd;
  private final String display;
  private final DirentReader entries = new DirentReader();
  private boolean ended;

  FdListing(Syscalls sys, Fd fd, String display) {
    this.sys = sys;
    this.fd = fd;
    this.display = display;
  }

  @Override
  public Optional<Entry> next() throws IOException {
    Optional<Entry> entry = entries.next(display);
    while (entry.isEmpty() && !ended) {
      fill();
      entry = entries.next(display);
    }
    return entry;
  }

  @Override
  public void close() {
    fd.close();
  }

  private void fill() throws IOException {
    entries.makeRoom();
    int result = fd.call(n -> sys.getdents64(n, entries.buffer()));
    // ENOENT: the directory was removed meanwhile, so there is nothing in it.
    if (result < 0 && result != -Errno.ENOENT) {
      throw Errnos.exception("getdents64", result, display);
    }
    ended = result <= 0;
    entries.filled(Math.max(result, 0));
  }
}
