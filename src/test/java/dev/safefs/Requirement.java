package dev.safefs;

import org.junit.jupiter.api.Assumptions;

/**
 * Something of the machine that a test needs: its absence skips the test, or fails it when
 * SAFEFS_REQUIRE=all.
 */
public final class Requirement {
  private Requirement() {}

  /**
   * Skips the test or fails it, unless something is there.
   *
   * @param present whether it is
   * @param what its name
   */
  public static void present(boolean present, String what) {
    if (!present && "all".equals(System.getenv("SAFEFS_REQUIRE"))) {
      throw new AssertionError("SAFEFS_REQUIRE=all needs " + what);
    }
    Assumptions.assumeTrue(present, "needs " + what);
  }
}
