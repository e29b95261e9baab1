package dev.safefs;

/** What survives a power cut once an operation has returned (setting {@code durability}). */
public enum Durability {
  /** Nothing is synced. After a power cut a published file may be empty or torn. */
  NONE,
  /**
   * The content is synced before it gets its name: old or new, whole, also after a power cut. The
   * default.
   */
  FILE,
  /** The directory is synced too: the new file is there once the operation has returned. */
  FILE_AND_NAME
}
