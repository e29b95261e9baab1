package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tells files apart where the delegate has no file keys, as on Windows. Files of one age and
 * length are told apart by their names, as far as this engine knows them, and by the delegate's
 * {@code isSameFile}; another file that an outsider gave one of these names is taken for the old
 * one if all else is equal.
 *
 * @param core what does not change while the file is written
 * @param modified time of last modification, or the epoch for a directory
 * @param sizeBytes its size, or 0 for a directory
 * @param node the file in use, once it was seen under a name
 */
record WeakKey(Core core, Instant modified, long sizeBytes, Optional<Node> node) {

  /**
   * The part that does not change while the file is written.
   *
   * @param type its type
   * @param created time of creation, empty where the delegate was not seen to know it
   */
  record Core(FileType type, Optional<Instant> created) {

    /** Tells whether they can be of one file: a time that only one of them knows says nothing. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Core that
          && type == that.type
          && (created.equals(that.created) || created.isEmpty() || that.created.isEmpty());
    }

    @Override
    public int hashCode() {
      return type.hashCode();
    }
  }

  static WeakKey of(FileType type, Optional<Instant> created, Instant modified, long sizeBytes) {
    Core core = new Core(type, created);
    return type == FileType.DIRECTORY
        ? new WeakKey(core, Instant.EPOCH, 0, Optional.empty())
        : new WeakKey(core, modified, sizeBytes, Optional.empty());
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
