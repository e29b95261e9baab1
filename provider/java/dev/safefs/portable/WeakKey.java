package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import java.time.Instant;
import java.util.Optional;

/**
 * What tells files apart where the delegate has no file keys, as on Windows. Files of one age and
 * length are told apart by their names, as far as this engine knows them, and by the delegate's
 * {@code isSameFile}; another file that an outsider gave one of these names is taken for the old
 * one if all else is equal.
 *
 * @param core what does not change while the file is written
 * @param modified time of last modification, or of creation for a directory
 * @param sizeBytes its size, or 0 for a directory
 * @param node the file in use, once it was seen under a name
 */
record WeakKey(Core core, Instant modified, long sizeBytes, Optional<Node> node) {

  /**
   * The part that does not change while the file is written.
   *
   * @param type its type
   * @param created time of creation
   */
  record Core(FileType type, Instant created) {}

  static WeakKey of(FileType type, Instant created, Instant modified, long sizeBytes) {
    boolean grows = type == FileType.DIRECTORY;
    return new WeakKey(
        new Core(type, created),
        grows ? created : modified,
        grows ? 0 : sizeBytes,
        Optional.empty());
  }

  /**
   * Returns the key of a file in use. While this process writes it, its size and time are no part
   * of that.
   */
  WeakKey of(Node file) {
    return file.isWritten()
        ? new WeakKey(core, Instant.EPOCH, 0, Optional.of(file))
        : new WeakKey(core, modified, sizeBytes, Optional.of(file));
  }

  /** Returns what a file in use is known by. */
  static Object inUse(Stat stat) {
    Object key = stat.identity().fileKey();
    return key instanceof WeakKey weak ? weak.core() : key;
  }
}
