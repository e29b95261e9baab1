package dev.safefs.linux;

import org.jspecify.annotations.Nullable;

/**
 * What tells mounts apart.
 *
 * @param kind how it was told
 * @param id the mount's id, or 0
 * @param device a device on it; a mount may have several, such as btrfs subvolumes
 */
record MountKey(Kind kind, long id, long device) {

  /** How a mount was told. Ids of two kinds cannot be compared. */
  enum Kind {
    /** By an id that is never used again: statx since Linux 6.8. */
    UNIQUE_ID,
    /** By an id: statx since Linux 5.8, or procfs. */
    ID,
    /** By the device alone, which several mounts may show. */
    DEVICE
  }

  /** Tells whether nothing says that the other is of another mount. */
  boolean isPerhaps(MountKey other) {
    return kind == other.kind && kind != Kind.DEVICE ? id == other.id : device == other.device;
  }

  // Written out as in Identity, for a quick start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof MountKey that
        && kind == that.kind
        && id == that.id
        && device == that.device;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * kind.ordinal() + Long.hashCode(id)) + Long.hashCode(device);
  }
}
