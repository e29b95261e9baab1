package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What loading a backend adds to a program's start: user and system time of the whole process, the
 * least of several runs, next to the same program without it. Noise only adds, so that the least is
 * the best estimate; and the budget grows with what the program alone takes here, compared with the
 * machine it was set on.
 */
@Tag("long")
class StartUpIT {
  private static final int ROUNDS = 15;
  private static final double BASE_MILLISECONDS = 40;
  private static final double FFM_MILLISECONDS = 120;
  private static final double JNR_MILLISECONDS = 280;

  @TempDir Path work;

  static List<String> backends() {
    return Build.backends();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void aBackendIsLoadedWithinItsBudget(String backend) throws Exception {
    double base = Double.MAX_VALUE;
    double loaded = Double.MAX_VALUE;
    for (int i = 0; i < ROUNDS; i++) {
      base = Math.min(base, milliseconds("none"));
      loaded = Math.min(loaded, milliseconds(backend));
    }
    double budget = backend.equals("ffm") ? FFM_MILLISECONDS : JNR_MILLISECONDS;
    System.out.printf(
        "start-up, Java %d: %.0f ms, with %s %.0f ms%n",
        Runtime.version().feature(), base, backend, loaded);
    assertThat(loaded - base)
        .as("milliseconds added by %s to %s", backend, base)
        .isLessThan(budget * Math.max(1, base / BASE_MILLISECONDS));
  }

  /** Bash tells the time of a child, its threads and all, in milliseconds. */
  private double milliseconds(String backend) throws Exception {
    List<String> java =
        Command.tool("java")
            .with(
                Build.nativeAccess("ALL-UNNAMED"),
                "-cp",
                Build.LIBRARY + ":" + Build.DEPENDENCIES + ":" + Build.PROGRAMS)
            .with("dev.safefs.sys.FirstCall", backend)
            .parts();
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%3U %3S'; time \"$@\"", "bash"));
    command.addAll(java);
    String[] times = Child.run(work, "", command).succeeded().errors().strip().split(" ");
    return 1000 * (Double.parseDouble(times[0]) + Double.parseDouble(times[1]));
  }
}
