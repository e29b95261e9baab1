package dev.safefs.request;

/** What a rename does to an existing target. */
public enum Replace {
  /** Fails, exclusively: of any number of racing callers one wins. */
  NO_REPLACE,
  /** Replaces it without a gap. */
  REPLACE,
  /** Swaps both names. */
  EXCHANGE
}
