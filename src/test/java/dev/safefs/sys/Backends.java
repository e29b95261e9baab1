package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import java.util.ArrayList;
import java.util.List;

/** The backends this JVM must have: a missing one fails its row. */
final class Backends {
  private Backends() {}

  /** Returns {@code jnr}, and {@code ffm} from Java 22 on; for a method source. */
  static List<String> names() {
    Requirement.present(System.getProperty("os.name").equals("Linux"), "Linux");
    List<String> names = new ArrayList<>(List.of("jnr"));
    if (Runtime.version().feature() >= 22) {
      names.add("ffm");
    }
    return names;
  }

  static Syscalls open(String backend) {
    try {
      return SyscallsLoader.load(backend);
    } catch (SyscallsUnavailableException e) {
      throw new AssertionError("backend " + backend + " must load here", e);
    }
  }

  /** Asserts that a call failed with {@code errno}, in words. */
  static void assertErrno(long result, int errno) {
    assertThat(result < 0 ? Errno.name((int) -result) : "success " + result)
        .isEqualTo(Errno.name(errno));
  }
}
