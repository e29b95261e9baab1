package dev.safefs;

/**
 * What happens when a promise cannot be kept on a mount (setting {@code strictness}). Confinement
 * is never downgraded.
 */
public enum Strictness {
  /**
   * The operation fails with a {@link GuaranteeUnavailableException}. The default of {@code safe:}
   * file systems.
   */
  STRICT,
  /**
   * It goes on as the JDK would, with a log record and a flight recorder event. The default as
   * default provider.
   */
  BEST_EFFORT
}
