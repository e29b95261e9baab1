package dev.safefs;

import java.nio.file.OpenOption;

/**
 * Open options that only SafeFS file systems know. They override the file system's settings for one
 * call. A channel for reading takes and ignores them.
 */
public enum SafeOpenOption implements OpenOption {
  /**
   * Writes go to the file itself, at once, and readers see each. Promise W5. With {@link
   * #PUBLISH_ON_CLOSE} it is an {@code IllegalArgumentException}.
   */
  IN_PLACE,
  /**
   * Writes go to a pending file that replaces the target when the channel is closed or forced.
   * Promise W1. Without {@code TRUNCATE_EXISTING} the pending file begins as a copy of the target;
   * with {@code CREATE_NEW} it is published only if the name is still free. Special files, and what
   * is opened with {@code DELETE_ON_CLOSE}, are in place all the same.
   */
  PUBLISH_ON_CLOSE,
  /**
   * Content and name are synced before {@code close} returns, as {@link Durability#FILE_AND_NAME}.
   * Promise W6. In place (W5), {@code SYNC} is added, so that each write is; opening syncs what it
   * truncates, and the directory of what it creates. There, what is written to a mapping, or cut
   * off by {@code FileChannel.truncate}, is made durable by {@code FileChannel.force}.
   */
  DURABLE
}
