package dev.safefs;

/** How symbolic links in a path are treated by a confined file system (setting {@code links}). */
public enum LinkPolicy {
  /**
   * Links are followed as long as they stay beneath the root; an absolute link is an escape. The
   * default.
   */
  BENEATH,
  /** Absolute links and {@code ..} are read as in a chroot: the root's parent is the root. */
  IN_ROOT,
  /** No symbolic link anywhere in a path. */
  REFUSE
}
