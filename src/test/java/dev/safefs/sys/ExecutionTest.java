package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.JdkPaths;
import dev.safefs.Requirement;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Each execution of the build runs on the backend and the default provider that it is for: none
 * passes because it silently ran on another.
 */
@Tag("sys")
@Tag("contract")
@Tag("race")
class ExecutionTest {
  private static final String EXPECTED_BACKEND = "safefs.expected.backend";
  private static final String EXPECTED_INSTALLED = "safefs.expected.installed";

  private static String expected(String property) {
    String value = System.getProperty(property, "");
    Requirement.present(!value.isEmpty(), "the build, which sets " + property);
    return value;
  }

  @Test
  void theBackendIsTheExpectedOne() throws SyscallsUnavailableException {
    assertThat(SyscallsLoader.load()).hasToString(expected(EXPECTED_BACKEND));
  }

  @Test
  void theDefaultProviderIsTheExpectedOne() {
    boolean isInstalled = Boolean.parseBoolean(expected(EXPECTED_INSTALLED));
    assertThat(JdkPaths.isInstalled()).isEqualTo(isInstalled);
  }

  @Test
  void everyBackendOfThisJavaIsThere() {
    for (String backend : Backends.names()) {
      assertThat(Backends.open(backend)).hasToString(backend);
    }
  }
}
