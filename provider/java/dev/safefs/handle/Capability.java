package dev.safefs.handle;

/** What a mount, kernel and platform can do, or have shown that they cannot. */
public enum Capability {
  /** Files without a name that can get one later. */
  ANONYMOUS_FILE,
  /** Rename that fails if the target exists. */
  RENAME_NO_REPLACE,
  /** Atomic exchange of two names. */
  RENAME_EXCHANGE,
  /**
   * Rename that replaces what has the target's name. Not of groups of processes, which are not for
   * files: there it fails.
   */
  RENAME_REPLACE,
  /** Hard links. */
  HARD_LINK,
  /** Removal of names. Not in a directory that is append-only; chattr(1). */
  REMOVE_NAME,
  /** Removal of the name of a file that is open. Not on Windows. */
  UNLINK_OPEN,
  /**
   * Files that hold what was written to them. Not those of the kernel's own file systems, such as
   * procfs, sysfs and cgroup, where to write is to call, and to make a directory may make a group
   * of processes.
   */
  STORAGE,
  /** Resolution beneath a root in one call. */
  RESOLVE_BENEATH,
  /** Reopening of a held file. */
  REOPEN,
  /** Sharing of blocks between files. */
  REFLINK,
  /** Copies made by the kernel. */
  COPY_RANGE,
  /** A name that survives a power cut once its directory was synced. */
  SYNC_NAME,
  /**
   * A sync of content while it is written. Not where a provider has byte channels only, of which
   * some write the file when they are closed.
   */
  SYNC_CONTENT,
  /**
   * A sync of a file without a name that counts. Btrfs does nothing then, so files are synced again
   * once they have one.
   */
  SYNC_ANONYMOUS,
  /**
   * Synced content that is on the device before a later rename. Not with ext4's {@code
   * data=writeback}.
   */
  ORDERED_RENAME,
  /**
   * A file system of this kernel's own, so that a failure means that nothing was done, and flags
   * are not ignored. Not one of a server, on another machine or in a process, whose reply may be
   * lost.
   */
  LOCAL,
  /**
   * A time of last change that moves whenever owner, mode or attributes do. What is on a server is
   * seen late, through a cache.
   */
  CHANGE_TIME
}
