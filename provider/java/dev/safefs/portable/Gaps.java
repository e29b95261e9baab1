package dev.safefs.portable;

/** What happens where a delegate replaces a name only by removing it first. */
public enum Gaps {
  /** The rename is not supported. */
  REFUSED,
  /** The name is missing for an instant, and lost if the machine stops then. */
  ALLOWED
}
