package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KernelReleaseTest {
  @ParameterizedTest
  @CsvSource({
    "5.3.0, true",
    "5.3, true",
    "5.10.0-28-amd64, true",
    "6.1.0+, true",
    "10.0, true",
    "5.2.21, false",
    "4.18.0-553.el8.x86_64, false",
    "unknown, false",
    "'', false"
  })
  void releasesAreComparedByNumber(String release, boolean expected) {
    assertThat(KernelRelease.isAtLeast(release, 5, 3)).isEqualTo(expected);
  }
}
