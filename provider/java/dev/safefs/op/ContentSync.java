package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Strictness;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.SyncScope;
import java.io.IOException;

/** Makes the content of a file durable that has no name yet. Promise W6. */
final class ContentSync {
  private ContentSync() {}

  /**
   * Syncs content and attributes. What cannot be synced is a downgrade.
   *
   * @param path the user's, as the file may be staged
   * @param strictness of the file system
   * @throws GuaranteeUnavailableException if it cannot be synced and the file system is strict
   * @throws IOException if the device reports an error
   */
  static void run(FileHandle file, String path, Strictness strictness) throws IOException {
    try {
      file.sync(SyncScope.CONTENT_AND_ATTRIBUTES);
    } catch (GuaranteeUnavailableException e) {
      Downgrade.accept(strictness, path, "W6 (content sync)", e);
    }
  }
}
