package dev.safefs;

/**
 * What a whole-file write does to a file that has several names (setting {@code hardLinks}).
 * Promise W4. What is written in place is seen by all names.
 */
public enum HardLinks {
  /**
   * The written name gets a new file, with the attributes of the old one, which the other names
   * keep. The default.
   */
  SPLIT,
  /** The write is refused with a {@link GuaranteeUnavailableException}. */
  REFUSE,
  /**
   * The file is changed in place, so that all its names see the change, and W1 does not hold.
   * {@link SafeFiles#pending} and what is built on it refuse such a file; {@link
   * SafeFiles#replaceIfSame} splits.
   */
  IN_PLACE
}
