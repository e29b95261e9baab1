package dev.safefs;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Another process interfered, and what a name holds now is not what this operation put there.
 * Promise L3.
 */
public final class RaceDetectedException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param file the user's path
   * @param other the second path of a two-path call, or null
   * @param reason what happened, with the system call and errno where there was one
   */
  public RaceDetectedException(String file, @Nullable String other, String reason) {
    super(file, other, reason);
  }
}
