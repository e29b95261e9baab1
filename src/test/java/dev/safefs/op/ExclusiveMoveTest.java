package dev.safefs.op;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves on a kernel without renameat2, and on file systems that have no hard links either. */
@Tag("M1")
class ExclusiveMoveTest {
  @TempDir Path dir;
  private final DenyingSyscalls old =
      new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOSYS, "renameat2");
  private Scene scene;

  @BeforeEach
  void open() throws IOException {
    scene = Scene.confined(dir, old.syscalls(), SafeConfig.confined());
    scene.directory("x");
    scene.directory("y");
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOSYS, Errno.EINVAL, Errno.EPERM})
  void aFileIsLinkedAndUnlinked(int errno) throws IOException {
    old.deny(errno, "renameat2");
    scene.file("x/a", "A");
    scene.move("x/a", "y/b");
    assertThat(scene.content("y/b")).isEqualTo("A");
    assertThat(scene.names("x")).isEmpty();
    assertThat(scene.names("y")).containsExactly("b");
  }

  @Test
  void anExistingTargetIsKept() throws IOException {
    scene.file("x/a", "A");
    scene.file("y/b", "B");
    scene.directory("x/d");
    scene.directory("y/e");
    for (String source : new String[] {"x/a", "x/d"}) {
      for (String target : new String[] {"y/b", "y/e"}) {
        assertThatThrownBy(() -> scene.move(source, target))
            .isInstanceOf(FileAlreadyExistsException.class);
      }
    }
    assertThat(scene.names("x")).containsExactly("a", "d");
    assertThat(scene.names("y")).containsExactly("b", "e");
  }

  /** Another user's file: a link of it could be made, and neither name be removed. */
  @Test
  @Tag("K3")
  void whatMayNotLeaveAStickyDirectoryGetsNoOtherName() throws IOException {
    scene.file("x/a", "A");
    Scene.run("chmod", "1777", scene.path("x").toString());
    old.deny(Errno.EPERM, "renameat");
    assertThatThrownBy(() -> scene.move("x/a", "y/b"))
        .isInstanceOfSatisfying(
            FileSystemException.class, failure -> assertThat(failure.getFile()).isEqualTo("/x/a"));
    assertThat(scene.names("x")).containsExactly("a");
    assertThat(scene.names("y")).isEmpty();
    old.allow("renameat");
    scene.move("x/a", "y/b");
    assertThat(scene.names("x")).isEmpty();
    assertThat(scene.content("y/b")).isEqualTo("A");
  }

  @Test
  void aMissingSourceMakesNothing() throws IOException {
    assertThatThrownBy(() -> scene.move("x/a", "y/b")).isInstanceOf(NoSuchFileException.class);
    assertThat(scene.names("y")).isEmpty();
  }

  @Test
  void aDirectoryIsRenamedOverItsClaim() throws IOException {
    scene.directory("x/d");
    scene.file("x/d/inner", "I");
    scene.move("x/d", "y/e");
    assertThat(scene.content("y/e/inner")).isEqualTo("I");
    assertThat(scene.names("x")).isEmpty();
  }

  @Test
  void aDirectoryMovedIntoItselfLeavesNoClaim() throws IOException {
    assertThatThrownBy(() -> scene.move("x", "x/y")).isInstanceOf(FileSystemException.class);
    assertThat(scene.names("x")).isEmpty();
    assertThat(scene.names()).containsExactly("x", "y");
  }

  @Test
  void aSymbolicLinkIsMovedItself() throws IOException {
    scene.link("x/l", "nowhere");
    scene.move("x/l", "y/m");
    assertThat(Files.readSymbolicLink(scene.path("y/m"))).isEqualTo(Path.of("nowhere"));
    assertThat(scene.names("x")).isEmpty();
  }

  @Test
  @Tag("M4")
  void twoNamesOfOneFileAreKept() throws IOException {
    scene.file("x/a", "A");
    Files.createLink(scene.path("y/b"), scene.path("x/a"));
    scene.move("x/a", "y/b");
    assertThat(scene.names("x")).containsExactly("a");
    assertThat(scene.names("y")).containsExactly("b");
  }

  @Test
  void withoutLinksAStrictFileSystemRefuses() throws IOException {
    old.deny(Errno.EOPNOTSUPP, "linkat");
    scene.file("x/a", "A");
    assertThatThrownBy(() -> scene.move("x/a", "y/b"))
        .isInstanceOf(GuaranteeUnavailableException.class)
        .hasMessageContaining("M1")
        .hasMessageContaining("strictness");
    assertThat(scene.content("x/a")).isEqualTo("A");
    assertThat(scene.names("y")).isEmpty();
  }

  @Test
  @Tag("G2")
  void withoutLinksBestEffortClaimsTheName() throws IOException {
    old.deny(Errno.EOPNOTSUPP, "linkat");
    SafeConfig lenient = SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);
    try (Scene best = Scene.confined(dir, old.syscalls(), lenient)) {
      best.file("x/a", "A");
      best.file("y/taken", "T");
      assertThatThrownBy(() -> best.move("x/a", "y/taken"))
          .isInstanceOf(FileAlreadyExistsException.class);
      best.move("x/a", "y/b");
      assertThat(best.content("y/b")).isEqualTo("A");
      assertThat(best.names("x")).isEmpty();
      assertThat(best.names("y")).containsExactly("b", "taken");
    }
  }

  @Test
  @Tag("M2")
  void replacingAnotherTypeWithoutExchangeIsADowngrade() throws IOException {
    scene.file("a", "A");
    scene.directory("d");
    scene.directory("full");
    scene.file("full/x", "X");
    assertThatThrownBy(() -> scene.move("a", "d", REPLACE_EXISTING))
        .isInstanceOf(GuaranteeUnavailableException.class);
    SafeConfig lenient = SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT);
    try (Scene best = Scene.confined(dir, old.syscalls(), lenient)) {
      assertThatThrownBy(() -> best.move("a", "full", REPLACE_EXISTING))
          .isInstanceOf(DirectoryNotEmptyException.class);
      best.move("a", "d", REPLACE_EXISTING);
      assertThat(best.content("d")).isEqualTo("A");
      best.move("full", "d", REPLACE_EXISTING);
      assertThat(best.content("d/x")).isEqualTo("X");
    }
    assertThat(scene.names()).containsExactly("d", "x", "y");
  }

  @Test
  @Tag("M5")
  void anExchangeIsRefused() throws IOException {
    scene.file("x/a", "A");
    scene.file("y/b", "B");
    assertThatThrownBy(() -> Mover.exchange(scene.place("x/a"), scene.place("y/b")))
        .isInstanceOf(GuaranteeUnavailableException.class);
    assertThat(scene.content("x/a")).isEqualTo("A");
  }

  @Test
  @Tag("K3")
  void aLostReplyIsNotBelieved() throws IOException {
    for (String call : new String[] {"linkat", "unlinkat", "renameat"}) {
      for (String source : new String[] {"x/file", "x/dir"}) {
        scene.file("x/file", "F");
        scene.directory("x/dir");
        FaultingSyscalls lost = FaultingSyscalls.onceAfterDoing(old.syscalls(), 1, Errno.EIO, call);
        try (Scene nfs = Scene.confined(dir, lost.syscalls(), SafeConfig.confined())) {
          nfs.move(source, "y/target");
        } catch (FileSystemException e) {
          assertThat(e.getReason()).contains("EIO");
        }
        boolean moved = Files.exists(scene.path("y/target"));
        assertThat(Files.exists(scene.path(source))).as(call + " " + source).isNotEqualTo(moved);
        Files.deleteIfExists(scene.path("y/target"));
        Files.deleteIfExists(scene.path("x/file"));
        Files.deleteIfExists(scene.path("x/dir"));
      }
    }
  }

  /**
   * Failures as a client of NFS sees them when the server did it, and its reply or its memory was
   * lost.
   */
  @ParameterizedTest
  @CsvSource({
    "x/file, linkat, EIO",
    "x/file, linkat, EEXIST",
    "x/file, renameat, EIO",
    "x/file, renameat, ENOENT",
    "x/file, unlinkat, EIO",
    "x/file, unlinkat, ENOENT",
    "x/dir, renameat, EIO",
    "x/dir, renameat, ENOENT"
  })
  @Tag("M1")
  @Tag("K3")
  void whatWasDoneThoughItFailedIsFoundOutByIdentity(String source, String call, String errno)
      throws IOException {
    scene.file("x/file", "F");
    scene.directory("x/dir");
    int failure =
        switch (errno) {
          case "EIO" -> Errno.EIO;
          case "EEXIST" -> Errno.EEXIST;
          default -> Errno.ENOENT;
        };
    FaultingSyscalls lost = FaultingSyscalls.onceAfterDoing(old.syscalls(), 1, failure, call);
    try (Scene nfs = Scene.confined(dir, lost.syscalls(), SafeConfig.confined())) {
      nfs.move(source, "y/target");
    }
    assertThat(lost.hit()).isTrue();
    assertThat(scene.names("x")).containsExactly(source.equals("x/dir") ? "file" : "dir");
    assertThat(scene.names("y")).containsExactly("target");
    assertThat(scene.stat("y/target").linkCount()).isEqualTo(source.equals("x/dir") ? 2 : 1);
  }
}
