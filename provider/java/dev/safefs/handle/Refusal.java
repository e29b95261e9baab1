package dev.safefs.handle;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/**
 * Why something was refused, where callers branch on that. The failure that tells the user carries
 * it as a cause, so that nobody reads its text.
 */
public enum Refusal {
  /**
   * This caller has no right to it, by the permission bits or whatever they say, as a security
   * module may.
   */
  NOT_PERMITTED,
  /** In use by the system, such as a mount point. */
  BUSY,
  /** The mount is read-only. */
  READ_ONLY,
  /** No more fits on the disk, or into the user's quota. */
  FULL,
  /** There is no such thing, or no such value of it, on this file system. */
  UNSUPPORTED;

  /** What carries a refusal. Without a stack, as the failure has one. */
  private static final class Carrier extends Exception {
    private static final long serialVersionUID = 1L;

    private final Refusal refusal;

    Carrier(Refusal refusal) {
      super(refusal.name(), null, false, false);
      this.refusal = refusal;
    }
  }

  /**
   * Lets a failure carry this.
   *
   * @param failure has no cause yet
   * @return the failure
   */
  public FileSystemException in(FileSystemException failure) {
    failure.initCause(new Carrier(this));
    return failure;
  }

  /**
   * Tells whether a failure, or one that caused it, carries this; for {@link #NOT_PERMITTED} also
   * whether it is an {@link AccessDeniedException}.
   *
   * @param failure any
   * @return false also where a platform cannot tell
   */
  public boolean isIn(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof Carrier carrier) {
        return carrier.refusal == this;
      }
      if (t instanceof AccessDeniedException) {
        return this == NOT_PERMITTED;
      }
    }
    return false;
  }
}
