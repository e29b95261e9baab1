package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.kernel.Kernel;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Moves where names can be linked and open files cannot: a kernel before 6.10, no privilege, no
 * procfs, and no flags of renames.
 */
@Tag("M1")
class StagedMoveTest {
  @TempDir Path dir;

  private static Syscalls poor() {
    Syscalls sys = Kernel.LINKAT_OF_DESCRIPTORS_FORBIDDEN.over(Scene.kernel());
    sys = Kernel.PROC_MISSING.over(sys);
    return new DenyingSyscalls(sys).deny(Errno.EINVAL, "renameat2").syscalls();
  }

  private Scene on(Syscalls sys) throws IOException {
    return Scene.confined(dir, sys, SafeConfig.confined());
  }

  @Test
  void aFileAndASymbolicLinkGetTheirNewNames() throws IOException {
    try (Scene scene = on(poor())) {
      scene.directory("x");
      scene.file("a", "A");
      scene.link("l", "nowhere");
      scene.move("a", "x/b");
      scene.move("l", "x/m");
      assertThat(scene.content("x/b")).isEqualTo("A");
      assertThat(scene.stat("x/b").linkCount()).isEqualTo(1);
      assertThat(Files.readSymbolicLink(scene.path("x/m"))).isEqualTo(Path.of("nowhere"));
      assertThat(scene.names()).containsExactly("x");
      assertThat(scene.names("x")).containsExactly("b", "m");
    }
  }

  @Test
  void anExistingTargetIsKeptAndTheSourcePutBack() throws IOException {
    try (Scene scene = on(poor())) {
      scene.file("a", "A");
      scene.file("b", "B");
      assertThatThrownBy(() -> scene.move("a", "b")).isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> scene.move("c", "d")).isInstanceOf(NoSuchFileException.class);
      assertThat(scene.content("a")).isEqualTo("A");
      assertThat(scene.content("b")).isEqualTo("B");
      assertThat(scene.names()).containsExactly("a", "b");
    }
  }

  /** A rival takes the target's name when the source is staged already. */
  @Test
  void aTargetThatAppearsMeanwhileIsKeptAndTheSourcePutBack() throws IOException {
    FaultingSyscalls taken = FaultingSyscalls.once(poor(), 2, Errno.EEXIST, "linkat");
    try (Scene scene = on(taken.syscalls())) {
      scene.file("a", "A");
      assertThatThrownBy(() -> scene.move("a", "b")).isInstanceOf(FileAlreadyExistsException.class);
      assertThat(taken.hit()).isTrue();
      assertThat(scene.content("a")).isEqualTo("A");
      assertThat(scene.names()).containsExactly("a");
    }
  }

  @ParameterizedTest
  @CsvSource({"linkat, EIO", "linkat, EEXIST", "renameat, EIO", "unlinkat, EIO"})
  @Tag("K3")
  void aLostReplyIsFoundOutByIdentityAndLinkCount(String call, String errno) throws IOException {
    int number = call.equals("linkat") ? 2 : 1;
    int failure = errno.equals("EIO") ? Errno.EIO : Errno.EEXIST;
    FaultingSyscalls lost = FaultingSyscalls.onceAfterDoing(poor(), number, failure, call);
    try (Scene scene = on(lost.syscalls())) {
      scene.file("a", "A");
      scene.move("a", "b");
      assertThat(lost.hit()).isTrue();
      assertThat(scene.stat("b").linkCount()).isEqualTo(1);
      assertThat(scene.names()).containsExactly("b");
    }
  }

  /**
   * Fails call 1, 2, 3 … for ever: the file has one of both names, or is in a private directory.
   */
  @Test
  @Tag("K3")
  void whateverFailsTheFileIsKept() throws IOException {
    boolean hit = true;
    for (int n = 1; hit; n++) {
      FaultingSyscalls faults = FaultingSyscalls.once(poor(), n, Errno.EIO);
      hit = false;
      try (Scene scene = on(faults.syscalls())) {
        scene.file("a", "A");
        try {
          scene.move("a", "b");
        } catch (FileSystemException e) {
          assertThat(e.getReason()).as("fault %d", n).contains("EIO");
        }
        hit = faults.hit();
        boolean moved = Files.exists(scene.path("b"));
        assertThat(scene.content(moved ? "b" : "a")).isEqualTo("A");
        assertThat(scene.names()).as("fault %d", n).containsExactly(moved ? "b" : "a");
        Files.delete(scene.path(moved ? "b" : "a"));
      } catch (FileSystemException e) {
        // The root could not be opened.
        hit = faults.hit();
      }
    }
  }
}
