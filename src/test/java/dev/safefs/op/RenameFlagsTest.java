package dev.safefs.op;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.op.PlayedServer.Habit;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that ignore the flags of renames, and what it costs to find that out. */
@Tag("M1")
class RenameFlagsTest {
  @TempDir Path dir;

  private Scene on(Syscalls sys) throws IOException {
    return Scene.confined(dir, sys, SafeConfig.confined());
  }

  /** Another client makes the target when this kernel has seen that there is none. */
  private void createTarget() {
    try {
      Files.writeString(dir.resolve("b"), "OTHER");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileOfAnotherClientIsNotReplaced(Habit habit) throws IOException {
    PlayedServer server = PlayedServer.with(habit, this::createTarget);
    try (Scene scene = on(server.syscalls())) {
      scene.file("a", "A");
      assertThatThrownBy(() -> scene.move("a", "b")).isInstanceOf(FileAlreadyExistsException.class);
      assertThat(scene.content("a")).isEqualTo("A");
      assertThat(scene.content("b")).isEqualTo("OTHER");
      assertThat(scene.names()).containsExactly("a", "b");
    }
  }

  /** The control: the same server, taken at its word as a file system of this kernel is. */
  @Test
  void withoutTheProbeItIsReplaced() throws IOException {
    PlayedServer server = PlayedServer.with(Habit.IGNORES_FLAGS, this::createTarget);
    try (Scene scene = on(server.syscalls(Abi.TMPFS_MAGIC))) {
      scene.file("a", "A");
      scene.move("a", "b");
      assertThat(scene.content("b")).isEqualTo("A");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFreeNameIsTakenAndATakenOneKept(Habit habit) throws IOException {
    PlayedServer server = PlayedServer.with(habit);
    try (Scene scene = on(server.syscalls())) {
      scene.file("a", "A");
      scene.directory("d");
      scene.move("a", "x");
      scene.move("d", "e");
      scene.file("a", "B");
      assertThatThrownBy(() -> scene.move("a", "x")).isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> scene.move("a", "e")).isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> scene.copy("a", "x")).isInstanceOf(FileAlreadyExistsException.class);
      scene.copy("a", "y");
      assertThat(scene.content("x")).isEqualTo("A");
      assertThat(scene.names()).containsExactly("a", "e", "x", "y");
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("M5")
  void anExchangeIsOneOrIsRefused(Habit habit) throws IOException {
    try (Scene scene = on(PlayedServer.with(habit).syscalls())) {
      scene.file("a", "A");
      scene.file("b", "B");
      if (habit.honours(Abi.RENAME_EXCHANGE)) {
        Mover.exchange(scene.place("a"), scene.place("b"));
        assertThat(scene.content("a")).isEqualTo("B");
        assertThat(scene.content("b")).isEqualTo("A");
      } else {
        assertThatThrownBy(() -> Mover.exchange(scene.place("a"), scene.place("b")))
            .isInstanceOf(GuaranteeUnavailableException.class);
        assertThat(scene.content("a")).isEqualTo("A");
        assertThat(scene.content("b")).isEqualTo("B");
      }
    }
  }

  /** The control: a server that ignores flags makes a replacing rename of an exchange. */
  @Test
  @Tag("M5")
  void withoutTheProbeAnExchangeLosesAFile() throws IOException {
    PlayedServer server = PlayedServer.with(Habit.IGNORES_FLAGS);
    try (Scene scene = on(server.syscalls(Abi.TMPFS_MAGIC))) {
      scene.file("a", "A");
      scene.file("b", "B");
      Mover.exchange(scene.place("a"), scene.place("b"));
      assertThat(scene.names()).containsExactly("b");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMountIsProbedOnce(Habit habit) throws IOException {
    PlayedServer server = PlayedServer.with(habit);
    try (Scene scene = on(server.syscalls())) {
      for (String name : List.of("a", "b", "c")) {
        scene.file(name, name);
      }
      scene.move("a", "x");
      int first = Collections.frequency(server.calls(), "renameat2");
      assertThat(first).isPositive();
      server.calls().clear();
      scene.move("b", "y");
      scene.move("c", "z");
      int expected = habit == Habit.HONOURS_FLAGS ? 2 : 0;
      // One in each quarantine, which nothing else is renamed into.
      int quarantines = habit == Habit.HONOURS_FLAGS ? 0 : 2;
      assertThat(Collections.frequency(server.calls(), "renameat2"))
          .isEqualTo(expected + quarantines);
    }
  }

  @Test
  void aFileSystemOfThisKernelIsNotProbed() throws IOException {
    PlayedServer server = PlayedServer.with(Habit.HONOURS_FLAGS);
    try (Scene scene = on(server.syscalls(Abi.EXT4_SUPER_MAGIC))) {
      scene.file("a", "A");
      scene.move("a", "x");
      assertThat(server.calls()).doesNotContain("mkdirat", "getdents64").contains("renameat2");
    }
  }

  /** Whatever fails in the probe, the move is exclusive and nothing is left. */
  @Test
  @Tag("K3")
  void aProbeThatFailsLeavesNothingBehind() throws IOException {
    boolean hit = true;
    for (int n = 1; hit; n++) {
      FaultingSyscalls faults =
          FaultingSyscalls.once(
              PlayedServer.with(Habit.IGNORES_FLAGS).syscalls(),
              n,
              Errno.ENOSPC,
              "mkdirat",
              "renameat2",
              "getdents64",
              "unlinkat");
      try (Scene scene = on(faults.syscalls())) {
        scene.file("a", "A");
        scene.file("b", "B");
        assertThatThrownBy(() -> scene.move("a", "b")).isInstanceOf(IOException.class);
        assertThat(scene.content("a")).isEqualTo("A");
        assertThat(scene.content("b")).isEqualTo("B");
        assertThat(scene.names()).as("fault %d", n).containsExactly("a", "b");
        scene.move("a", "b", REPLACE_EXISTING);
      }
      hit = faults.hit();
    }
  }
}
