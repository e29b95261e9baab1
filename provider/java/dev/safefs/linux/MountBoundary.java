package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.sys.Errno;
import java.io.IOException;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The mount of a directory, for those who are to stay on it. Promise R3. Where statx does not tell
 * mounts, procfs does, since Linux 3.15; where neither does, other devices are refused as escapes,
 * and the same device for want of proof.
 */
final class MountBoundary {
  private static final int TRIES = 3;

  private final Host host;
  private final Fd base;
  private volatile @Nullable MountKey known;

  MountBoundary(Host host, Fd base) {
    this.host = host;
    this.base = base;
  }

  /**
   * Refuses an object of another mount.
   *
   * @param object the object, held open
   * @param statx what is known of it
   * @param display the user's path
   */
  void check(Fd object, byte[] statx, String display) throws IOException {
    MountKey its = key(object, statx);
    MountKey mine = mine(display);
    // Not of one kind if statx is denied from some moment on.
    for (int i = 1; mine.kind() != its.kind() && i < TRIES; i++) {
      known = null;
      mine = mine(display);
      its = key(object, StatxReader.require(host.sys(), object, display));
    }
    boolean isComparable = mine.kind() == its.kind() && mine.kind() != MountKey.Kind.DEVICE;
    if (isComparable ? mine.id() != its.id() : mine.device() != its.device()) {
      throw BeneathResolution.escape("statx", -Errno.EXDEV, display);
    }
    if (!isComparable) {
      throw new GuaranteeUnavailableException(
          display, null, "R3: neither statx nor procfs tells which mount this is (mounts=STAY)");
    }
  }

  private MountKey mine(String display) throws IOException {
    MountKey last = known;
    if (last == null) {
      last = key(base, StatxReader.require(host.sys(), base, display));
      known = last;
    }
    return last;
  }

  private MountKey key(Fd object, byte[] statx) throws IOException {
    MountKey told = StatxReader.mount(statx);
    if (told.kind() != MountKey.Kind.DEVICE) {
      return told;
    }
    OptionalLong id = host.proc().mountId(object);
    return id.isPresent() ? new MountKey(MountKey.Kind.ID, id.getAsLong(), told.device()) : told;
  }
}
