package dev.safefs.portable;

/** How a directory in use is kept. */
public enum Hold {
  /** Open itself: what happens to its path does not matter. Promise R1 is kept. */
  OPEN,
  /**
   * By its path and its key, compared before and after each use. A broken promise R1 is detected.
   */
  BY_PATH
}
