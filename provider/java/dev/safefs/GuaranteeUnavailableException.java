package dev.safefs;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A promise of the contract cannot be kept on this mount or platform, and the file system is
 * strict. Promise G2.
 */
public final class GuaranteeUnavailableException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param file the user's path
   * @param other the second path of a two-path call, or null
   * @param reason what happened, with the system call and errno where there was one
   */
  public GuaranteeUnavailableException(String file, @Nullable String other, String reason) {
    super(file, other, reason);
  }
}
