package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.handle.Dir;
import java.io.IOException;

/** Makes the names of a directory durable. Promise W6. */
final class NameSync {

  private NameSync() {}

  /**
   * Syncs a directory. One that cannot be synced is a downgrade.
   *
   * @param dir the directory
   * @param display the user's path of the name it is done for
   * @param config the settings that hold there
   * @throws GuaranteeUnavailableException if the directory cannot be synced and the file system is
   *     strict
   * @throws IOException if the device reports an error
   */
  static void run(Dir dir, String display, SafeConfig config) throws IOException {
    try {
      dir.sync();
    } catch (GuaranteeUnavailableException e) {
      Downgrade.accept(config.strictness(), display, "W6", e);
    }
  }

  /** Syncs a directory in which a name was created, if the settings ask for durable names. */
  static void asConfigured(Dir dir, Place place) throws IOException {
    if (place.config().durability() == Durability.FILE_AND_NAME) {
      run(dir, place.display(), place.config());
    }
  }
}
