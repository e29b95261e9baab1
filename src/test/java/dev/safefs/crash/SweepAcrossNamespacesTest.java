package dev.safefs.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.SafeFiles;
import dev.safefs.op.LiveStage;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a process of another process id namespace has staged, as in a container that shares a
 * volume. Needs root, to make one.
 */
@Tag("root")
@Tag("T2")
@Timeout(120)
class SweepAcrossNamespacesTest {
  @TempDir Path volume;

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(volume)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private List<Path> sweep() throws IOException {
    return SafeFiles.sweep(Path.of(URI.create("safe://" + volume.toUri().getRawPath())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"named", "linked"})
  void aLiveOwnersIsLeftAndAKilledOnesRemoved(String staging) throws Exception {
    Files.writeString(volume.resolve("file"), "old");
    List<String> command =
        new ArrayList<>(List.of("unshare", "--pid", "--fork", "--mount-proc", "--kill-child"));
    command.addAll(List.of(ClassPath.java().split(" ")));
    command.addAll(List.of("-cp", ClassPath.absolute()));
    command.addAll(List.of(LiveStage.class.getName(), staging, volume.toString()));
    Process container =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output = container.inputReader()) {
      // Its own number there is that of another process here: no number can tell who lives.
      assertThat(output.readLine()).isEqualTo("staged by process 1");
      assertThat(names()).hasSize(2).contains("file");
      assertThat(sweep()).isEmpty();
      assertThat(names()).hasSize(2);
    } finally {
      container.destroyForcibly();
    }
    assertThat(container.waitFor(30, TimeUnit.SECONDS)).isTrue();
    sweepUntilGone();
    assertThat(names()).containsExactly("file");
    assertThat(volume.resolve("file")).hasContent("old");
  }

  /** The namespace dies a moment after its first process. */
  private void sweepUntilGone() throws IOException {
    for (int i = 0; i < 10_000 && names().size() > 1; i++) {
      sweep();
      Thread.onSpinWait();
    }
  }
}
