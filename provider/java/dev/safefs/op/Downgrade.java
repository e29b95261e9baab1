package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Strictness;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;

/**
 * What happens where a promise cannot be kept. Promise G2: an exception when strict; else a log
 * record, a flight recorder event, and the operation goes on.
 */
public final class Downgrade {
  private static final ThreadLocal<Boolean> LOGGING = new ThreadLocal<>();

  private Downgrade() {}

  /**
   * Gives up a promise, or the operation.
   *
   * @param strictness the file system's setting
   * @param path the user's path
   * @param promise its id in the contract
   * @param reason why it cannot be kept, and what is done instead
   * @throws GuaranteeUnavailableException if strict
   */
  public static void accept(Strictness strictness, String path, String promise, String reason)
      throws GuaranteeUnavailableException {
    if (strictness == Strictness.STRICT) {
      throw new GuaranteeUnavailableException(
          path, null, promise + " cannot be kept (strictness=STRICT): " + reason);
    }
    FlightRecorder.downgraded(path, promise, reason);
    log(path + ": " + promise + " not kept (strictness=BEST_EFFORT): " + reason);
  }

  /**
   * Gives up a promise because of a failure, or the operation, with the failure as its cause.
   *
   * @throws GuaranteeUnavailableException if strict
   */
  static void accept(Strictness strictness, String path, String promise, Exception failure)
      throws GuaranteeUnavailableException {
    try {
      accept(strictness, path, promise, reasonOf(failure));
    } catch (GuaranteeUnavailableException e) {
      e.initCause(failure);
      throw e;
    }
  }

  /** Returns the call and errno of a failure where it has them. */
  static String reasonOf(Exception failure) {
    String reason = failure instanceof FileSystemException e ? e.getReason() : failure.getMessage();
    return reason == null ? failure.getClass().getSimpleName() : reason;
  }

  /** Logs, unless the log's own handler is what brought us here. */
  private static void log(String message) {
    if (LOGGING.get() != null) {
      return;
    }
    LOGGING.set(Boolean.TRUE);
    try {
      Logger logger = System.getLogger("dev.safefs");
      logger.log(Level.WARNING, message);
    } finally {
      LOGGING.remove();
    }
  }
}
