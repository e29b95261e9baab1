package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.handle.Dir;
import java.io.IOException;

/** Makes the names of a directory durable. Promise W6. */
final class NameSync {

  /** As exceptions and records name it: the operation is done when its directory is synced. */
  static final String PROMISE = "W6 (directory sync; the name is given)";

  private NameSync() {}

  /**
   * Syncs a directory in which a name was given. One that cannot be synced is a downgrade.
   *
   * @param dir the directory
   * @param display the user's path of the name it is done for
   * @param strictness of the file system
   * @throws GuaranteeUnavailableException if the directory cannot be synced and the file system is
   *     strict
   * @throws IOException if the device reports an error
   */
  static void run(Dir dir, String display, Strictness strictness) throws IOException {
    run(dir, display, strictness, PROMISE);
  }

  /** Syncs a directory in which a name was given that is taken back if this fails. */
  static void orTakenBack(Dir dir, Place place) throws IOException {
    run(dir, place.display(), place.config().strictness(), "W6 (directory sync)");
  }

  /**
   * Syncs the directory in which a copy got its name, before what was copied is removed from
   * another file system: no journal orders the two, and a power cut is to leave one of both.
   * Promise M3.
   *
   * @param durability of the move: {@code NONE} wants nothing synced, and with {@code
   *     FILE_AND_NAME} the copy has done it
   */
  static void beforeRemoval(Sides sides, Durability durability) throws IOException {
    if (durability == Durability.FILE) {
      run(sides.to().dir(), sides.target(), sides.config().strictness(), "M3 (directory sync)");
    }
  }

  private static void run(Dir dir, String display, Strictness strictness, String promise)
      throws IOException {
    try {
      dir.sync();
    } catch (GuaranteeUnavailableException e) {
      Downgrade.accept(strictness, display, promise, e);
    }
  }

  /** Syncs a directory in which a name was given or taken away, as strictly as the settings say. */
  static void run(Dir dir, String display, SafeConfig config) throws IOException {
    run(dir, display, config.strictness());
  }

  /** Syncs a directory in which a name was created, if the settings ask for durable names. */
  static void asConfigured(Dir dir, Place place) throws IOException {
    if (place.config().durability() == Durability.FILE_AND_NAME) {
      run(dir, place.display(), place.config());
    }
  }
}
