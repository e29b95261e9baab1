package dev.safefs;

/** Whether a path of a confined file system may cross a mount point (setting {@code mounts}). */
public enum MountPolicy {
  /** Mount points beneath the root are crossed. The default. */
  CROSS,
  /** Another mount is an escape. */
  STAY
}
