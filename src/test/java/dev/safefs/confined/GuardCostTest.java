package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.PlayedProvider;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths that are not guarded cost no system call more than without guards. */
@Tag("R8")
class GuardCostTest {
  @TempDir Path temporary;
  private Ground ground;

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    ground.directory("in");
  }

  private interface Act {
    void on(Path directory) throws IOException;
  }

  private static final List<Act> ACTS =
      List.of(
          dir -> Files.writeString(dir.resolve("new"), "x"),
          dir -> Files.readString(dir.resolve("new")),
          dir -> Files.readAttributes(dir.resolve("new"), "posix:*"),
          dir -> Files.copy(dir.resolve("new"), dir.resolve("copy")),
          dir -> Files.move(dir.resolve("copy"), dir.resolve("moved")),
          dir -> Files.list(dir).close(),
          dir -> Files.delete(dir.resolve("moved")),
          dir -> Files.delete(dir.resolve("new")));

  /** Returns the system calls of the acts in a directory, after each was done once. */
  private List<String> calls(Path directory, Path... guarded) throws IOException {
    AtomicReference<TracingSyscalls> trace = new AtomicReference<>();
    FileSystem safe =
        PlayedProvider.guarding(
            real -> {
              trace.set(new TracingSyscalls(real));
              return trace.get().syscalls();
            },
            guarded);
    Path there = safe.getPath(directory.toString());
    for (int i = 0; i < 2; i++) {
      if (trace.get() != null) {
        trace.get().clear();
      }
      for (Act act : ACTS) {
        act.on(there);
      }
    }
    return trace.get().names();
  }

  @Test
  void pathsElsewhereCostNothingExtra() throws IOException {
    Path elsewhere = ground.outside();
    List<String> without = calls(elsewhere);
    assertThat(without).isNotEmpty().doesNotContain("openat2");
    assertThat(calls(elsewhere, ground.host(), ground.host().resolve("in"))).isEqualTo(without);
  }

  @Test
  void controlGuardedOnesAreResolvedBeneath() throws IOException {
    Path in = ground.host().resolve("in");
    assertThat(calls(in, ground.host())).contains("openat2");
  }
}
