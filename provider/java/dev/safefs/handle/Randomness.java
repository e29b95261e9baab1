package dev.safefs.handle;

import java.security.SecureRandom;

/** The Java platform's random bytes, for engines without a cheaper source. */
public final class Randomness {
  private Randomness() {}

  /** Created on first use: a provider must not seed a generator while the JVM starts. */
  private static final class Generator {
    static final SecureRandom INSTANCE = new SecureRandom();
  }

  /**
   * Fills bytes that nobody can foresee.
   *
   * @param bytes filled
   */
  public static void fill(byte[] bytes) {
    Generator.INSTANCE.nextBytes(bytes);
  }
}
