package dev.safefs.handle;

/** What a sync covers. */
public enum SyncScope {
  /** Content and the attributes needed to read it, fdatasync(2). */
  CONTENT,
  /** Content and all attributes, fsync(2). */
  CONTENT_AND_ATTRIBUTES
}
