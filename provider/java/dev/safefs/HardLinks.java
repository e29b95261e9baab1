package dev.safefs;

/** What a whole-file write does to a file that has several names (setting {@code hardLinks}). */
public enum HardLinks {
  /** The written name gets a new file, the other names keep the old one. The default. */
  SPLIT,
  /** The write is refused with a {@link GuaranteeUnavailableException}. */
  REFUSE,
  /** The file is changed in place, so that all its names see the change, and W1 does not hold. */
  IN_PLACE
}
