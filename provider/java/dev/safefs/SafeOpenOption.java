package dev.safefs;

import java.nio.file.OpenOption;

/**
 * Open options that only SafeFS file systems know. They override the file system's settings for one
 * call.
 */
public enum SafeOpenOption implements OpenOption {
  /** Writes go to the file itself, at once. Promise W5. */
  IN_PLACE,
  /**
   * Writes go to a pending file that replaces the target when the channel is closed. Promise W1.
   * Without {@code TRUNCATE_EXISTING} the pending file begins as a copy of the target.
   */
  PUBLISH_ON_CLOSE,
  /**
   * Content and name are synced before {@code close} returns. Promise W6, {@link
   * Durability#FILE_AND_NAME}.
   */
  DURABLE
}
