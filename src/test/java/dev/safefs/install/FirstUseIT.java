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
import org.junit.jupiter.params.provider.EnumSource;
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

  private Child run(Placement placement, String backend, String program, String... options)
      throws Exception {
    Path directory = Files.createTempDirectory(work, "used");
    List<String> all = new ArrayList<>(List.of(options));
    all.add("-Dsafefs.backend=" + backend);
    List<String> command = placement.running(program, all.toArray(String[]::new));
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
  void aLogThatIsOpenedThroughTheFileSystemDoesNotWaitForItself(Placement placement, String backend)
      throws Exception {
    Path settings = work.resolve("logging.properties");
    Files.writeString(settings, ".level=ALL\nhandlers=dev.safefs.install.LoggedUse$FileLog\n");
    Child child =
        run(
            placement,
            backend,
            "dev.safefs.install.LoggedUse",
            "-Djava.util.logging.config.file=" + settings);
    assertThat(child.output().strip()).isEqualTo("other is written;log is written;");
    assertThat(child.errors()).isEmpty();
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

  @ParameterizedTest
  @EnumSource
  void noLambdaOfOursIsLinked(Placement placement) throws Exception {
    Path log = work.resolve("classes");
    List<String> command =
        placement.running("dev.safefs.install.NativeLibraries", "-Xlog:class+load:file=" + log);
    command.add(Files.createDirectory(work.resolve("used")).toString());
    Child.run(work, "", command).succeeded();
    List<String> classes = Files.readAllLines(log);
    assertThat(classes).anyMatch(line -> line.contains(" dev.safefs.op.Publisher "));
    assertThat(classes).anyMatch(FirstUseIT::isLinkedLambda);
    assertThat(classes)
        .filteredOn(line -> line.contains(" dev.safefs.") && !line.contains(" dev.safefs.install."))
        .noneMatch(FirstUseIT::isLinkedLambda);
  }

  /** One that was made by the JVM is a hidden class, with an address in its name. */
  private static boolean isLinkedLambda(String line) {
    return line.contains("$$Lambda") && line.contains("/0x");
  }
}
