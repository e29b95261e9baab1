package dev.safefs;

/**
 * Whether a path of a confined file system, or one beneath a guard, may cross a mount point
 * (setting {@code mounts}). Promise R3.
 */
public enum MountPolicy {
  /** Mount points beneath the root are crossed. The default. */
  CROSS,
  /**
   * Another mount, also a bind mount of the same file system, is an escape, which is a {@link
   * PathEscapeException}; openat2(2), {@code RESOLVE_NO_XDEV}. Where the kernel tells no mount ids
   * it is a {@link GuaranteeUnavailableException}.
   */
  STAY
}
