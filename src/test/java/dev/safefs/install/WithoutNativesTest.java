package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/**
 * Machines whose natives do not load: best effort goes on with the portable engine and says so,
 * strict settings fail with the cause and what to change.
 */
@Tag("G2")
@Tag("K4")
class WithoutNativesTest {
  private static final String PROGRAM = "client.WithoutNatives";

  @TempDir Path work;
  @TempDir Path here;

  /** Returns the class path of this test, but for jars whose names begin in a way. */
  static String classPath(String without) {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(each -> !each.isEmpty())
        .map(each -> Path.of(each).toAbsolutePath())
        .filter(each -> without.isEmpty() || !each.getFileName().toString().startsWith(without))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void runs(List<String> options, String cause) throws Exception {
    List<String> command = Command.java().with(options).with(PROGRAM).with(work.toString()).parts();
    Child child = Child.run(here, "", command).succeeded();
    assertThat(child.output().lines().filter(line -> line.startsWith("went on"))).hasSize(2);
    assertThat(child.output())
        .contains("strict: no engine: ")
        .contains(cause)
        .contains("strict confined: refused")
        .containsPattern("confined: R1 .*DETECTED");
    assertThat(child.errors()).contains("not kept (strictness=BEST_EFFORT)").contains(cause);
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void confinedFileSystemsGoOnIfTheyMay() throws Exception {
    runs(List.of("-Dsafefs.backend=nosuch", "-cp", classPath("")), "safefs.backend is 'nosuch'");
  }

  @Test
  void theDefaultProviderGoesOnWithoutTheJarsOfJffi() throws Exception {
    runs(List.of(Command.SWAP, "-Dsafefs.backend=jnr", "-cp", classPath("jffi")), "jffi");
  }

  /** {@code safe:///} is strict unless the machine's settings say otherwise. */
  @Test
  void ambientPathsGoOnIfTheyMay() throws Exception {
    List<String> command =
        Command.java()
            .with("-Dsafefs.backend=nosuch", "-Dsafefs.strictness=BEST_EFFORT")
            .with("-Dclient.ambient=true", "-cp", classPath(""), PROGRAM, work.toString())
            .parts();
    Child child = Child.run(here, "", command).succeeded();
    assertThat(child.output().lines().filter(line -> line.startsWith("went on"))).hasSize(2);
    assertThat(child.errors())
        .contains("not kept (strictness=BEST_EFFORT)")
        .contains("safefs.backend is 'nosuch'");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  @EnabledForJreRange(minVersion = 24)
  void theDefaultProviderGoesOnWithoutNativeAccess() throws Exception {
    runs(
        List.of(Command.SWAP, "--illegal-native-access=deny", "-cp", classPath("")),
        "--enable-native-access=ALL-UNNAMED");
  }
}
