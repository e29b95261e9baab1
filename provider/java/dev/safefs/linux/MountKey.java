package dev.safefs.linux;

import org.jspecify.annotations.Nullable;

/**
 * What tells mounts apart.
 *
 * @param id the mount's id, or 0 before Linux 5.8; never used again since Linux 6.8
 * @param device a device on it; a mount may have several, such as btrfs subvolumes
 */
record MountKey(long id, long device) {

  /** Tells whether both are of one mount, as exactly as the kernel lets us know. */
  boolean isSameMount(MountKey other) {
    return (id != 0 && other.id != 0) ? id == other.id : device == other.device;
  }

  // Written out as in Identity, for a quick start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MountKey that && id == that.id && device == that.device;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(id) + Long.hashCode(device);
  }
}
