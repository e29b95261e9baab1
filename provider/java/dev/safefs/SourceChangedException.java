package dev.safefs;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * The source of a copy or move changed, was replaced or was taken away meanwhile, or a file that is
 * held open has lost its name. Nothing that changed was removed. Promises C4, M3 and H2.
 */
public final class SourceChangedException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param file the user's path
   * @param other the second path of a two-path call, or null
   * @param reason what happened, with the system call and errno where there was one
   */
  public SourceChangedException(String file, @Nullable String other, String reason) {
    super(file, other, reason);
  }
}
