package dev.safefs;

import java.nio.file.CopyOption;
import java.util.Objects;

/**
 * Copy options that only SafeFS file systems know: copies of files and trees take all of them,
 * moves {@link #DURABLE} and {@link #progress}. {@code Files.copy} and {@code Files.move} between
 * two providers refuse them with an {@code UnsupportedOperationException}; {@link SafeFiles} does
 * not.
 */
public sealed interface SafeCopyOption extends CopyOption
    permits SafeCopyOption.Flag, SafeCopyOption.Progress {

  /**
   * Fails with a {@link SourceChangedException}, and leaves the target as it was, if the source
   * changed while it was read. Promise C4. <i>Races:</i> told by size and the times of the last
   * modification and change. A change within one step of the clock of these, some milliseconds on
   * most kernels, is not seen, nor one through a mapping that has not reached the times yet.
   */
  SafeCopyOption VERIFY_STABLE = Flag.VERIFY_STABLE;

  /**
   * Syncs content and name before the call returns, as {@link Durability#FILE_AND_NAME}. Promise
   * W6.
   */
  SafeCopyOption DURABLE = Flag.DURABLE;

  /**
   * Shares blocks with the source or fails with a {@link GuaranteeUnavailableException}, whatever
   * the {@link Strictness}; ioctl_ficlone(2), Linux 4.5. With {@link #NO_REFLINK} it is an {@code
   * IllegalArgumentException}. Promise C3.
   */
  SafeCopyOption REFLINK_ONLY = Flag.REFLINK_ONLY;

  /** Never shares blocks with the source. */
  SafeCopyOption NO_REFLINK = Flag.NO_REFLINK;

  /**
   * Returns an option that reports progress.
   *
   * @param listener told of the content of a file: before the first byte, between steps, and on the
   *     calling thread. What it throws ends the copy, reaches the caller, and leaves the target as
   *     it was
   * @return the option
   */
  static SafeCopyOption progress(ProgressListener listener) {
    return new Progress(Objects.requireNonNull(listener, "listener"));
  }

  /** Told of the progress of a copy. */
  @FunctionalInterface
  interface ProgressListener {
    /**
     * Is told how far the copy is.
     *
     * @param doneBytes how many bytes are copied, holes included
     * @param totalBytes the size of the source when it was opened; between providers as of now
     */
    void progressed(long doneBytes, long totalBytes);
  }

  /** The options that are a constant. */
  enum Flag implements SafeCopyOption {
    /** See {@link SafeCopyOption#VERIFY_STABLE}. */
    VERIFY_STABLE,
    /** See {@link SafeCopyOption#DURABLE}. */
    DURABLE,
    /** See {@link SafeCopyOption#REFLINK_ONLY}. */
    REFLINK_ONLY,
    /** See {@link SafeCopyOption#NO_REFLINK}. */
    NO_REFLINK
  }

  /**
   * The option that {@link #progress} makes.
   *
   * @param listener told of the progress
   */
  record Progress(ProgressListener listener) implements SafeCopyOption {}
}
