package dev.safefs;

import java.nio.file.FileSystemException;
import org.jspecify.annotations.Nullable;

/**
 * Another process interfered, and it could not be made good: a name holds something else than what
 * this operation put there, or a file that was taken by mistake could not be put back, or others
 * came in between each of a bounded number of tries. Promises L1, L3, D1 and H2.
 *
 * <p>Where a file could not be put back, {@link #getOtherFile} of this exception, or of one that is
 * suppressed, tells where it is; {@link SafeFiles#sweep} puts it back once its name is free. Where
 * a link at the end of a path was followed it is shown beside the link, and is beside the file.
 */
public final class RaceDetectedException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param file the user's path
   * @param other the second path of a two-path call, or where the file is that was not put back, or
   *     null
   * @param reason what happened, with the system call and errno where there was one
   */
  public RaceDetectedException(String file, @Nullable String other, String reason) {
    super(file, other, reason);
  }
}
