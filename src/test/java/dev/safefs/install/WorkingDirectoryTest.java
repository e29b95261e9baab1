package dev.safefs.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relative paths begin where the JDK's do. */
class WorkingDirectoryTest {
  @TempDir Path here;
  @TempDir Path elsewhere;

  private Child run(String... options) throws Exception {
    List<String> command =
        Command.java()
            .with(options)
            .with("-cp", WithoutNativesTest.classPath(""), "client.RelativePaths")
            .parts();
    return Child.run(here, "", command).succeeded();
  }

  private static void checkUsed(Path directory, Child child) throws Exception {
    assertThat(child.output().lines())
        .containsExactly("twothree", "written", "[directory, linked, symbolic, written]");
    try (Stream<Path> entries = Files.list(directory)) {
      assertThat(entries).hasSize(4);
    }
  }

  /** An empty one is the control: the JDK's provider. */
  @ParameterizedTest
  @ValueSource(strings = {Command.SWAP, ""})
  void theyBeginInTheUserDirectoryOfTheStart(String swap) throws Exception {
    checkUsed(elsewhere, run(swap, "-Duser.dir=" + elsewhere));
    assertThat(here).isEmptyDirectory();
  }

  @Test
  void soTheyDoBeneathAGuardThatTheUserDirectoryIsIn() throws Exception {
    Path guarded = Files.createDirectory(elsewhere.resolve("guarded"));
    Child child =
        run(
            Command.SWAP,
            "-Duser.dir=" + guarded,
            "-Dsafefs.guard=" + elsewhere,
            "-Dsafefs.links=BENEATH");
    checkUsed(guarded, child);
    assertThat(here).isEmptyDirectory();
  }
}
