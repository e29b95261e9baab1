package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loading the engine inside the first call of the default provider, from every place, with every
 * backend: no deadlock, no recursion, and not before it is needed. A child that hangs fails its
 * test.
 */
class FirstUseIT {
  private static final int RACES = 3;

  @TempDir Path work;

  static Stream<Arguments> everywhere() {
    List<Arguments> all = new ArrayList<>();
    for (Placement placement : Placement.values()) {
      for (String backend : Build.backends()) {
        all.add(Arguments.of(placement, backend));
      }
    }
    return all.stream();
  }

  private Child run(Placement placement, String backend, String program) throws Exception {
    Path directory = Files.createTempDirectory(work, "used");
    List<String> command = placement.running(program, "-Dsafefs.backend=" + backend);
    command.add(directory.toString());
    return Child.run(work, "", command).succeeded();
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void threadsThatRaceOnTheFirstUseAllEnd(Placement placement, String backend) throws Exception {
    for (int i = 0; i < RACES; i++) {
      Child child = run(placement, backend, "dev.safefs.install.FirstUse");
      assertThat(child.output()).contains("all is well");
      assertThat(child.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void nothingNativeIsLoadedBeforeItIsNeeded(Placement placement, String backend) throws Exception {
    Child child = run(placement, backend, "dev.safefs.install.NativeLibraries");
    assertThat(child.output().lines().toList())
        .satisfiesExactly(
            looked -> assertThat(looked).startsWith("looked at").endsWith("false: none"),
            changed -> assertThat(changed).isEqualTo("changed: " + backend));
    assertThat(child.errors()).isEmpty();
  }
}
