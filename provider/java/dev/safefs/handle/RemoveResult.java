package dev.safefs.handle;

/** How a removal went. */
public enum RemoveResult {
  /** Removed by this call. */
  REMOVED,
  /** Nothing has the name. */
  ABSENT,
  /** It is a directory, and a file was to be removed. */
  IS_DIRECTORY,
  /** It is not a directory, and one was to be removed. */
  NOT_DIRECTORY,
  /** The directory has entries. */
  NOT_EMPTY
}
