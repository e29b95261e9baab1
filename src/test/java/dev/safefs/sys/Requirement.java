package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Assumptions;

/**
 * Something of the machine that a test needs: its absence skips the test, or fails it when
 * SAFEFS_REQUIRE=all.
 */
final class Requirement {
  private Requirement() {}

  static void present(boolean present, String what) {
    if ("all".equals(System.getenv("SAFEFS_REQUIRE"))) {
      assertThat(present).as("SAFEFS_REQUIRE=all needs " + what).isTrue();
    }
    Assumptions.assumeTrue(present, "needs " + what);
  }
}
