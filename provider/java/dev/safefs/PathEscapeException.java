package dev.safefs;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * A path led out of the directory that a file system is confined to, or out of a guarded one, or
 * through what {@link LinkPolicy} or {@link MountPolicy} refuses. Nothing outside was read, changed
 * or revealed. Promises R1 to R3 and R8.
 */
public final class PathEscapeException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param file the user's path, in the namespace of its file system
   * @param other the second path of a two-path call, or null
   * @param reason what happened, with the system call and errno where there was one
   */
  public PathEscapeException(String file, @Nullable String other, String reason) {
    super(file, other, reason);
  }
}
