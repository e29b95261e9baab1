package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import java.time.Instant;

/**
 * What tells files apart where the delegate has no file keys, as on Windows: it can tell two files
 * for one if all this is equal.
 *
 * @param core what does not change while the file is written
 * @param modified time of last modification, or of creation for a directory
 * @param sizeBytes its size, or 0 for a directory
 */
record WeakKey(Core core, Instant modified, long sizeBytes) {

  /**
   * The part that does not change while the file is written.
   *
   * @param type its type
   * @param created time of creation
   */
  record Core(FileType type, Instant created) {}

  static WeakKey of(FileType type, Instant created, Instant modified, long sizeBytes) {
    boolean grows = type == FileType.DIRECTORY;
    return new WeakKey(new Core(type, created), grows ? created : modified, grows ? 0 : sizeBytes);
  }

  /** Returns the key of a file that this process is writing. */
  WeakKey whileWritten() {
    return new WeakKey(core, Instant.EPOCH, 0);
  }

  /** Returns what a file in use is known by. */
  static Object inUse(Stat stat) {
    Object key = stat.identity().fileKey();
    return key instanceof WeakKey weak ? weak.core() : key;
  }
}
