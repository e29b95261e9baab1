package dev.safefs.portable;

import dev.safefs.handle.Capabilities;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Experiment;
import dev.safefs.handle.Randomness;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a delegate may have: what no provider offers is missing from the start, the rest once it was
 * seen to be.
 */
public final class DelegateCapabilities implements Capabilities {
  /** What {@code java.nio.file} has no call for. */
  private static final Set<Capability> NEVER =
      EnumSet.of(
          Capability.ANONYMOUS_FILE,
          Capability.RENAME_EXCHANGE,
          Capability.RESOLVE_BENEATH,
          Capability.REFLINK,
          Capability.COPY_RANGE,
          Capability.CHANGE_TIME);

  private final Set<Capability> missing = ConcurrentHashMap.newKeySet();
  private volatile boolean followsOnly;
  private volatile boolean writesLate;

  DelegateCapabilities(Set<Trait> traits) {
    missing.addAll(NEVER);
    if (!traits.contains(Trait.EXCLUSIVE_MOVE)) {
      missing.add(Capability.RENAME_NO_REPLACE);
    }
    if (traits.contains(Trait.KEEPS_OPEN_FILES)) {
      missing.add(Capability.UNLINK_OPEN);
    }
    if (traits.contains(Trait.ZIP)) {
      missing.add(Capability.REOPEN);
      missing.add(Capability.SYNC_CONTENT);
      writesLate = true;
      followsOnly = true;
    }
  }

  /** Is told that the delegate does not know the option not to follow links where it opens. */
  void refusesNoFollow() {
    followsOnly = true;
  }

  /**
   * Is told that a file that was created cannot be synced, and may be seen once it is closed. The
   * next one may be: some providers have a channel of their own for a few files only.
   */
  void createdLate() {
    writesLate = true;
    missing.add(Capability.SYNC_CONTENT);
  }

  /** Is told that a file that was created can be synced. */
  void createdAtOnce() {
    if (writesLate) {
      missing.remove(Capability.SYNC_CONTENT);
    }
  }

  /** Tells whether there may be a channel that writes when it is closed. */
  boolean mayWriteLate() {
    return writesLate;
  }

  boolean mayRefuseToFollow() {
    return !followsOnly;
  }

  @Override
  public boolean mayHave(Capability capability) {
    return !missing.contains(capability);
  }

  /** A delegate says what it has: nothing is tried. */
  @Override
  public boolean isShown(Capability capability, Experiment experiment) {
    return mayHave(capability);
  }

  @Override
  public void random(byte[] bytes) {
    Randomness.fill(bytes);
  }

  void lacks(Capability capability) {
    missing.add(capability);
  }
}
