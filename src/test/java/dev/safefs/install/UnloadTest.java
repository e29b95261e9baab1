package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An application that has SafeFS in its own class loader, where the JDK does not list its provider,
 * is undeployed: no thread, cleaner or table of ours keeps it. Not with JNR: jffi's own cleaner
 * keeps jffi's classes for ever.
 */
class UnloadTest {
  private static final int LONGEST_WAIT_SECONDS = 30;

  @TempDir Path work;
  @TempDir Path here;

  static List<String> backends() {
    return Stream.concat(
            Stream.of("nosuch"),
            Runtime.version().feature() >= 22 ? Stream.of("ffm") : Stream.empty())
        .toList();
  }

  private Child run(String backend, int waitSeconds) throws Exception {
    List<String> command =
        Command.java()
            .with("-Dsafefs.backend=" + backend, "-Dsafefs.strictness=BEST_EFFORT")
            .with("-XX:SoftRefLRUPolicyMSPerMB=0")
            .with("-cp", WithoutNativesTest.classPath(""), "client.Redeployed")
            .with(work.toString(), Integer.toString(waitSeconds))
            .parts();
    return Child.run(here, "", command).succeeded();
  }

  @ParameterizedTest
  @MethodSource("backends")
  void pathsOfTheDefaultFileSystemAreTaken(String backend) throws Exception {
    assertThat(run(backend, 0).output()).contains("copied: content");
  }

  /** Java 17 itself keeps the types of the record that was hashed last, later ones softly. */
  @ParameterizedTest
  @MethodSource("backends")
  @EnabledForJreRange(minVersion = 22)
  @Tag("W2")
  void writersThatAreForgottenWithAClosedFileSystemKeepNoClassLoader(String backend)
      throws Exception {
    assertThat(run(backend, LONGEST_WAIT_SECONDS).output())
        .contains("not published")
        .endsWith("collected\n");
  }
}
