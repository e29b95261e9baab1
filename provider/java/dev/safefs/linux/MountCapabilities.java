package dev.safefs.linux;

import dev.safefs.handle.Capability;
import dev.safefs.handle.Experiment;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What mounts have been seen to lack. Only the lack is kept: a capability that worked once may be
 * filtered the next time, and EPERM is a word about a file or a process, not about a mount. What an
 * experiment showed is believed for some seconds: before Linux 6.8 another mount may get the id.
 * Bounded: when full it forgets, and learns again.
 */
final class MountCapabilities {
  private static final int MOUNTS = 256;
  private static final long BELIEF_NANOSECONDS = 10_000_000_000L;

  private final Map<MountKey, Set<Capability>> missing = new ConcurrentHashMap<>();
  private final Set<Capability> lackedAnywhere = ConcurrentHashMap.newKeySet();
  private final Set<MountKey> examined = ConcurrentHashMap.newKeySet();
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
    return examined.contains(mount);
  }

  /** Keeps what a mount's traits say. */
  void examined(MountKey mount, Set<Capability> lacking) {
    forgetIfFull();
    lacking.forEach(capability -> lacks(mount, capability));
    examined.add(mount);
  }

  /** Tells what an experiment shows, or has shown of late, or has shown to be lacked. */
  boolean isShown(MountKey mount, Capability capability, Experiment experiment) throws IOException {
    if (!mayHave(mount, capability)) {
      return false;
    }
    Shown what = new Shown(mount, capability);
    Long since = shown.get(what);
    if (since != null && System.nanoTime() - since < BELIEF_NANOSECONDS) {
      return true;
    }
    boolean succeeds = experiment.succeeds();
    if (succeeds) {
      forgetIfFull();
      shown.put(what, System.nanoTime());
    } else {
      lacks(mount, capability);
    }
    return succeeds;
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
