package dev.safefs.portable;

import dev.safefs.GuaranteeUnavailableException;
import java.nio.file.FileSystemException;

/** Asked where a delegate cannot do what a promise needs, and something less can be done. */
@FunctionalInterface
public interface Gaps {
  /** What a delegate cannot do. */
  enum Gap {
    /** A name is missing for an instant, and lost if the machine stops then. */
    NO_ATOMIC_REPLACEMENT(
        "M2", "the delegate has no atomic replacement, so the name is missing for an instant"),
    /** Nobody knows when a file that was written is on a disk. */
    NO_SYNC("W6", "the delegate's channels cannot be synced; durability=NONE does without");

    private final String promise;
    private final String reason;

    Gap(String promise, String reason) {
      this.promise = promise;
      this.reason = reason;
    }

    /**
     * Returns what is not kept.
     *
     * @return its id in the contract
     */
    public String promise() {
      return promise;
    }

    /**
     * Returns why.
     *
     * @return for exceptions and records
     */
    public String reason() {
      return reason;
    }
  }

  /** What cannot be done is not done. */
  Gaps REFUSED =
      (gap, path) -> {
        if (gap == Gap.NO_ATOMIC_REPLACEMENT) {
          throw new NonAtomicException();
        }
        throw new GuaranteeUnavailableException(path, null, gap.promise() + ": " + gap.reason());
      };

  /**
   * Accepts something less, and makes a record of it.
   *
   * @param gap what is missing
   * @param path the user's path
   * @throws FileSystemException if it is not accepted
   */
  void accept(Gap gap, String path) throws FileSystemException;
}
