package dev.safefs.op;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.op.PlayedServer.Habit;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server does what it was asked, and its reply is lost, or the request repeated. */
@Tag("K3")
class LostReplyTest {
  @TempDir Path dir;

  private Scene losing(Syscalls server, int errno, String call) throws IOException {
    Syscalls sys = FaultingSyscalls.onceAfterDoing(server, 1, errno, call).syscalls();
    return Scene.confined(dir, sys, SafeConfig.confined());
  }

  private static int errno(String name) {
    return switch (name) {
      case "EIO" -> Errno.EIO;
      case "ENOENT" -> Errno.ENOENT;
      case "EEXIST" -> Errno.EEXIST;
      default -> throw new IllegalArgumentException(name);
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"EIO", "ENOENT"})
  @Tag("M2")
  void aReplacingRenameIsFoundOutByIdentity(String errno) throws IOException {
    for (CopyOption option : List.of(REPLACE_EXISTING, ATOMIC_MOVE)) {
      for (String kind : List.of("file", "directory", "link")) {
        Syscalls server = PlayedServer.with(Habit.REFUSES_FLAGS).syscalls();
        try (Scene scene = losing(server, errno(errno), "renameat")) {
          switch (kind) {
            case "file" -> scene.file("a", "A");
            case "directory" -> scene.directory("a");
            default -> scene.link("a", "nowhere");
          }
          if (!kind.equals("directory")) {
            scene.file("b", "B");
          }
          scene.move("a", "b", option);
          assertThat(scene.names()).as(kind).containsExactly("b");
          Files.delete(scene.path("b"));
        }
      }
    }
  }

  /** The control: where replies are taken for true, the move fails though it was done. */
  @Test
  @Tag("M2")
  void onAFileSystemOfThisKernelItIsBelieved() throws IOException {
    Syscalls local = PlayedServer.with(Habit.HONOURS_FLAGS).syscalls(Abi.TMPFS_MAGIC);
    try (Scene scene = losing(local, Errno.EIO, "renameat")) {
      scene.file("a", "A");
      assertThatThrownBy(() -> scene.move("a", "b", REPLACE_EXISTING))
          .isInstanceOf(FileSystemException.class);
      assertThat(scene.names()).containsExactly("b");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EIO, Errno.ENOENT, Errno.EEXIST})
  @Tag("M1")
  void anExclusiveRenameIsFoundOutByIdentity(int errno) throws IOException {
    Syscalls server = PlayedServer.with(Habit.HONOURS_FLAGS).syscalls();
    // The probe makes three.
    Syscalls sys = FaultingSyscalls.onceAfterDoing(server, 4, errno, "renameat2").syscalls();
    try (Scene scene = Scene.confined(dir, sys, SafeConfig.confined())) {
      scene.file("a", "A");
      scene.move("a", "b");
      assertThat(scene.content("b")).isEqualTo("A");
      assertThat(scene.names()).containsExactly("b");
    }
  }

  @Test
  @Tag("M2")
  void aFailureThatIsOneIsBelieved() throws IOException {
    Syscalls server = PlayedServer.with(Habit.REFUSES_FLAGS).syscalls();
    Syscalls sys = FaultingSyscalls.once(server, 1, Errno.EIO, "renameat").syscalls();
    try (Scene scene = Scene.confined(dir, sys, SafeConfig.confined())) {
      scene.file("a", "A");
      scene.file("b", "B");
      assertThatThrownBy(() -> scene.move("a", "b", REPLACE_EXISTING))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("EIO");
      assertThat(scene.content("b")).isEqualTo("B");
      assertThatThrownBy(() -> scene.move("c", "b", REPLACE_EXISTING))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(scene.names()).containsExactly("a", "b");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "linkat, EIO",
    "linkat, EEXIST",
    "renameat, EIO",
    "renameat, ENOENT",
    "mkdirat, EIO",
    "mkdirat, EEXIST",
    "unlinkat, EIO",
    "unlinkat, ENOENT"
  })
  @Tag("C2")
  void aCopyIsPublishedOnceAndLeavesNothing(String call, String errno) throws IOException {
    for (boolean replacing : new boolean[] {false, true}) {
      Syscalls server =
          PoorMount.withoutAnonymousFiles(PlayedServer.with(Habit.REFUSES_FLAGS).syscalls());
      try (Scene scene = losing(server, errno(errno), call)) {
        scene.file("a", "A");
        if (replacing) {
          scene.file("b", "B");
          scene.copy("a", "b", REPLACE_EXISTING);
        } else {
          scene.copy("a", "b");
        }
        assertThat(scene.content("b")).isEqualTo("A");
        assertThat(scene.names()).as("%s %s", call, errno).containsExactly("a", "b");
        Files.delete(scene.path("b"));
      }
    }
  }

  /** The one case that identity cannot tell: whose an empty directory is. */
  @ParameterizedTest
  @ValueSource(strings = {"EIO", "EEXIST"})
  @Tag("M1")
  void aClaimOfADirectoryWhoseReplyIsLostMovesNothing(String errno) throws IOException {
    Syscalls server = PlayedServer.with(Habit.REFUSES_FLAGS).syscalls();
    // The probe makes one.
    FaultingSyscalls lost = FaultingSyscalls.onceAfterDoing(server, 2, errno(errno), "mkdirat");
    try (Scene scene = Scene.confined(dir, lost.syscalls(), SafeConfig.confined())) {
      scene.directory("a");
      scene.file("a/inner", "I");
      assertThatThrownBy(() -> scene.move("a", "b"))
          .isInstanceOfAny(FileAlreadyExistsException.class, FileSystemException.class);
      assertThat(lost.hit()).isTrue();
      assertThat(scene.content("a/inner")).isEqualTo("I");
      assertThat(scene.names("b")).isEmpty();
    }
  }
}
