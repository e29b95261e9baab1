package dev.safefs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.JdkPaths;
import dev.safefs.Requirement;
import dev.safefs.sys.SyscallsLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Procfs that is really not there, or really something else, in a mount namespace of its own. */
@Tag("K4")
@Tag("root")
class ProcfsTest {
  @TempDir Path temporary;

  /** The first is the control: with procfs there is content. */
  @ParameterizedTest
  @CsvSource({
    "untouched, text",
    "unmounted, refused",
    "tmpfs, refused",
    "directory, refused",
    "stranger, refused"
  })
  void namesGoOnAndContentIsRefused(String what, String content) throws Exception {
    boolean isRoot = SyscallsLoader.load().geteuid() == 0;
    Requirement.present(isRoot, "root");
    Path work = JdkPaths.of(temporary).toRealPath();
    Path host = Files.createDirectory(work.resolve("host"));
    Files.writeString(host.resolve("file"), "text");
    Files.writeString(Files.createDirectory(work.resolve("outside")).resolve("secret"), "secret");
    Files.createSymbolicLink(host.resolve("out"), Path.of("../outside"));

    assertThat(run(work, host, what))
        .endsWith("names are well, content is " + content + "\nexit 0");

    assertThat(work.resolve("outside/secret")).hasContent("secret");
    assertThat(host).isDirectoryNotContaining(path -> path.getFileName().toString().contains("."));
  }

  private static String run(Path work, Path host, String what) throws Exception {
    List<String> command = new ArrayList<>(List.of("unshare", "-m", "--propagation", "private"));
    command.add(System.getProperty("java.home") + "/bin/java");
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ProcfsErrand.class.getName(), host.toString(), what));
    Path output = work.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return Files.readString(output, StandardCharsets.UTF_8) + "exit " + process.exitValue();
  }
}
