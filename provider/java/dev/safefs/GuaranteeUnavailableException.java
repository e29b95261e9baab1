package dev.safefs;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A promise cannot be kept on this mount or platform, and the operation was not done without it.
 * Promise G2. But for a directory that cannot be synced, which shows last (W6): the name is given
 * then, and the reason says so.
 *
 * <p>Thrown if the file system is {@link Strictness#STRICT strict}. Whatever the strictness, thrown
 * where there is no other way (no engine for what is confined, no procfs, no exchange of two
 * names), where the caller asked for nothing less ({@link SafeCopyOption#REFLINK_ONLY}, {@link
 * HardLinks#REFUSE}), and by {@link SafeFiles#pending} for what cannot be replaced as a whole.
 */
public final class GuaranteeUnavailableException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param file the user's path
   * @param other the second path of a two-path call, or null
   * @param reason the promise, what is missing, and the setting that decides; with the system call
   *     and errno where there was one
   */
  public GuaranteeUnavailableException(String file, @Nullable String other, String reason) {
    super(file, other, reason);
  }
}
