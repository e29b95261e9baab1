package dev.safefs.linux;

import dev.safefs.handle.Capability;
import dev.safefs.handle.Experiment;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What mounts have been seen to lack. Only the lack is kept: a capability that worked once may be
 * filtered the next time, and EPERM is a word about a file or a process, not about a mount.
 * Bounded: when full it forgets, and learns again.
 *
 * <p>What was found out about a mount, rather than seen to fail, is believed of that mount only. An
 * experiment's finding is kept for some seconds where the mount's key is its own for ever, and not
 * at all where another mount may get the key; what its file system says, for ever or for some
 * seconds. docs/adr/0010.
 */
final class MountCapabilities {
  private static final int MOUNTS = 256;
  private static final long BELIEF_NANOSECONDS = 10_000_000_000L;

  private final Map<MountKey, Set<Capability>> missing = new ConcurrentHashMap<>();
  private final Set<Capability> lackedAnywhere = ConcurrentHashMap.newKeySet();
  private final Map<MountKey, Long> examined = new ConcurrentHashMap<>();
  private final Map<Shown, Long> shown = new ConcurrentHashMap<>();

  private record Shown(MountKey mount, Capability capability) {}

  /** Tells whether any mount is known to lack a capability; if not, no mount need be looked at. */
  boolean isLackedAnywhere(Capability capability) {
    return lackedAnywhere.contains(capability);
  }

  boolean mayHave(MountKey mount, Capability capability) {
    Set<Capability> known = missing.get(mount);
    return known == null || !known.contains(capability);
  }

  void lacks(MountKey mount, Capability capability) {
    forgetIfFull();
    missing.merge(mount, Set.of(capability), MountCapabilities::union);
    lackedAnywhere.add(capability);
  }

  /** Tells whether the mount's {@link MountTraits} are known. */
  boolean isExamined(MountKey mount) {
    Long since = examined.get(mount);
    return since != null && (!isUsedAgain(mount) || isRecent(since));
  }

  /** Keeps what a mount's traits say, instead of those of another that had this key. */
  void examined(MountKey mount, Set<Capability> lacking) {
    forgetIfFull();
    missing.compute(mount, (key, known) -> withTraits(known, lacking));
    lackedAnywhere.addAll(lacking);
    examined.put(mount, System.nanoTime());
  }

  private static @Nullable Set<Capability> withTraits(
      @Nullable Set<Capability> known, Set<Capability> lacking) {
    Set<Capability> all = EnumSet.noneOf(Capability.class);
    if (known != null) {
      all.addAll(known);
    }
    all.removeAll(MountTraits.ALL);
    all.addAll(lacking);
    return all.isEmpty() ? null : Set.copyOf(all);
  }

  /** Tells what an experiment shows, or has shown of late, or has shown to be lacked. */
  boolean isShown(MountKey mount, Capability capability, Experiment experiment) throws IOException {
    if (!mayHave(mount, capability)) {
      return false;
    }
    Shown what = new Shown(mount, capability);
    Long since = shown.get(what);
    if (since != null && isRecent(since)) {
      return true;
    }
    boolean succeeds = experiment.succeeds();
    if (!succeeds) {
      lacks(mount, capability);
    } else if (!isUsedAgain(mount)) {
      forgetIfFull();
      shown.put(what, System.nanoTime());
    }
    return succeeds;
  }

  private static boolean isRecent(long since) {
    return System.nanoTime() - since < BELIEF_NANOSECONDS;
  }

  /**
   * Tells whether another mount may get this key: before Linux 6.8 it may get the id, and the
   * number of a device that is none, such as those of tmpfs, FUSE and NFS.
   */
  private static boolean isUsedAgain(MountKey mount) {
    return mount.kind() != MountKey.Kind.UNIQUE_ID && Structs.major(mount.device()) == 0;
  }

  private void forgetIfFull() {
    if (missing.size() >= MOUNTS || examined.size() >= MOUNTS || shown.size() >= MOUNTS) {
      examined.clear();
      shown.clear();
      missing.clear();
      lackedAnywhere.clear();
    }
  }

  private static Set<Capability> union(Set<Capability> known, Set<Capability> more) {
    Set<Capability> both = EnumSet.copyOf(known);
    both.addAll(more);
    return Set.copyOf(both);
  }
}
