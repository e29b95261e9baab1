package dev.safefs.handle;

/** How long an object has the extended attributes that were carried over to it. */
public enum Kept {
  /** Until they are removed. */
  FOR_GOOD,
  /** Some until its content is written to, as the kernel removes file capabilities then. */
  UNTIL_WRITTEN
}
