package dev.safefs;

/**
 * What happens when a promise cannot be kept on a mount (setting {@code strictness}). Promise G2.
 * Confinement is never given up; over another provider, or where the native library does not load,
 * {@link #BEST_EFFORT} accepts that an escape is only detected.
 */
public enum Strictness {
  /**
   * The operation fails with a {@link GuaranteeUnavailableException}. The default of {@code safe:}
   * file systems.
   */
  STRICT,
  /**
   * It goes on as the JDK would, with a warning of the logger {@code dev.safefs} and a flight
   * recorder event {@code dev.safefs.Downgrade}. What has no other way fails as if strict, see
   * {@link GuaranteeUnavailableException}. The default of {@link SafeDefaultFileSystemProvider}.
   */
  BEST_EFFORT
}
