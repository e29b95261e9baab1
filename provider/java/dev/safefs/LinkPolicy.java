package dev.safefs;

/**
 * How symbolic links in a path are treated by a confined file system or beneath a guard (setting
 * {@code links}). Promise R2. Those of procfs that lead to open files are always an escape, which
 * is a {@link PathEscapeException}. Kept by openat2(2), Linux 5.6, or by a walk over held
 * directories.
 */
public enum LinkPolicy {
  /**
   * Links are followed as long as they stay beneath the root; an absolute link is an escape, as is
   * a {@code ..} that leads above the root. {@code RESOLVE_BENEATH}. The default.
   */
  BENEATH,
  /**
   * Absolute links and {@code ..} are read as in a chroot: the root's parent is the root. {@code
   * RESOLVE_IN_ROOT}.
   */
  IN_ROOT,
  /**
   * A link that would be followed is an escape, wherever it is in a path. One at its end can be
   * read, moved and deleted. {@code RESOLVE_NO_SYMLINKS}.
   */
  REFUSE
}
