package dev.safefs;

import java.nio.file.CopyOption;
import java.util.Objects;

/** Copy options that only SafeFS file systems know. {@link #progress} makes another. */
public sealed interface SafeCopyOption extends CopyOption
    permits SafeCopyOption.Flag, SafeCopyOption.Progress {

  /**
   * Fails with a {@link SourceChangedException} if the source changed while it was read. Promise
   * C4.
   */
  SafeCopyOption VERIFY_STABLE = Flag.VERIFY_STABLE;

  /** Syncs content and name before the call returns. Promise W6. */
  SafeCopyOption DURABLE = Flag.DURABLE;

  /**
   * Shares blocks with the source or fails with a {@link GuaranteeUnavailableException}. Promise
   * C3.
   */
  SafeCopyOption REFLINK_ONLY = Flag.REFLINK_ONLY;

  /** Never shares blocks with the source. */
  SafeCopyOption NO_REFLINK = Flag.NO_REFLINK;

  /**
   * Returns an option that reports progress.
   *
   * @param listener told between steps, on the calling thread; what it throws ends the copy
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
     * @param totalBytes the size of the source when it was opened
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
