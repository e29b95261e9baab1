package dev.safefs.linux;

import dev.safefs.handle.Capabilities;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Experiment;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import java.io.IOException;

/** What is known of an open directory's mount; the kernel is asked for what it may deny later. */
final class FdCapabilities implements Capabilities {
  private final Host host;
  private final FdDir dir;

  FdCapabilities(Host host, FdDir dir) {
    this.host = host;
    this.dir = dir;
  }

  @Override
  public boolean mayHave(Capability capability) {
    if (capability == Capability.REOPEN) {
      return host.proc().isAvailable();
    }
    if (capability == Capability.RESOLVE_BENEATH) {
      return resolvesBeneath();
    }
    if (capability == Capability.REMOVE_NAME) {
      return removesNames();
    }
    boolean isTrait = MountTraits.ALL.contains(capability);
    if (!isTrait && !host.mounts().isLackedAnywhere(capability)) {
      return true;
    }
    try {
      return isTrait
          ? MountTraits.allow(host, dir.fd(), dir.mount(), capability)
          : host.mounts().mayHave(dir.mount(), capability);
    } catch (IOException e) {
      return true;
    }
  }

  private boolean removesNames() {
    try {
      return !dir.isAppendOnly();
    } catch (IOException e) {
      return true;
    }
  }

  /** Asks the kernel, as a success is no word about later calls. */
  private boolean resolvesBeneath() {
    try {
      int flags = Goal.PARENT.flags();
      int result =
          dir.fd().call(n -> host.sys().openat2(n, CString.DOT, flags, 0, Abi.RESOLVE_BENEATH));
      if (result >= 0) {
        host.own(result).close();
      }
      return result >= 0 || result == -Errno.EAGAIN;
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public boolean isShown(Capability capability, Experiment experiment) {
    try {
      return host.mounts().isShown(dir.mount(), capability, experiment);
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void random(byte[] bytes) {
    host.entropy().fill(bytes);
  }
}
