package dev.safefs;

/**
 * What is synced, and so survives a power cut, once an operation has returned (setting {@code
 * durability}). Promise W6.
 *
 * <p>Content: of files that are published, copied, or moved to another file system. Names: also
 * those of links, directories, files created in place and moves within one. Deletions are never
 * synced. What is written in place (W5) is synced only by {@code FileChannel.force} or the options
 * {@link SafeOpenOption#DURABLE}, {@code SYNC} and {@code DSYNC}. Disks that lie about their cache
 * are believed; fsync(2).
 */
public enum Durability {
  /**
   * Nothing is synced. After a power cut a published file may be the old one, the new one, empty or
   * torn, or have no name.
   */
  NONE,
  /**
   * The content is synced before it gets its name: old or new, whole, also after a power cut. Which
   * of both is not promised. The directory is synced only where a file system does not order a
   * rename after the data. The default.
   */
  FILE,
  /**
   * The directory is synced too: the new file or name is there once the operation has returned. One
   * that cannot be synced, as it may not be read or is of a server that does not support it: see
   * {@link Strictness}.
   */
  FILE_AND_NAME
}
