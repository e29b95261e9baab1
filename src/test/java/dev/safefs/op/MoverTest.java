package dev.safefs.op;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.SafeCopyOption;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MoverTest extends InScene {
  @Test
  @Tag("M1")
  void aFreeNameIsTaken() throws IOException {
    scene.file("a", "A");
    scene.directory("d");
    scene.move("a", "d/b");
    assertThat(scene.content("d/b")).isEqualTo("A");
    assertThat(scene.names()).containsExactly("d");
  }

  @Test
  @Tag("M1")
  void anExistingTargetIsKept() throws IOException {
    scene.file("a", "A");
    scene.file("b", "B");
    assertThatThrownBy(() -> scene.move("a", "b"))
        .isInstanceOfSatisfying(
            FileAlreadyExistsException.class, e -> assertThat(e.getFile()).isEqualTo("/b"));
    assertThat(scene.content("a")).isEqualTo("A");
    assertThat(scene.content("b")).isEqualTo("B");
  }

  @Test
  @Tag("M2")
  void aMissingSourceLeavesTheTarget() throws IOException {
    scene.file("b", "B");
    assertThatThrownBy(() -> scene.move("a", "b", REPLACE_EXISTING))
        .isInstanceOfSatisfying(
            NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo("/a"));
    assertThatThrownBy(() -> scene.move("a", "nowhere/b", REPLACE_EXISTING))
        .isInstanceOfSatisfying(
            NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo("/a"));
    assertThat(scene.content("b")).isEqualTo("B");
  }

  @Test
  @Tag("M2")
  void aFileReplacesAFile() throws IOException {
    scene.file("a", "A");
    scene.file("b", "B");
    scene.move("a", "b", REPLACE_EXISTING);
    assertThat(scene.content("b")).isEqualTo("A");
    assertThat(scene.names()).containsExactly("b");
  }

  @Test
  @Tag("M2")
  void aFileReplacesAnEmptyDirectoryByExchange() throws IOException {
    scene.file("a", "A");
    scene.directory("b");
    scene.move("a", "b", REPLACE_EXISTING);
    assertThat(scene.content("b")).isEqualTo("A");
    assertThat(scene.names()).containsExactly("b");
  }

  @Test
  @Tag("M2")
  void aDirectoryReplacesAFileByExchange() throws IOException {
    scene.directory("a");
    scene.file("a/inner", "I");
    scene.file("b", "B");
    scene.move("a", "b", REPLACE_EXISTING);
    assertThat(scene.content("b/inner")).isEqualTo("I");
    assertThat(scene.names()).containsExactly("b");
  }

  @Test
  @Tag("M2")
  void aDirectoryWithEntriesIsNotReplaced() throws IOException {
    scene.file("a", "A");
    scene.directory("d");
    scene.directory("full");
    scene.file("full/x", "X");
    for (String source : new String[] {"a", "d"}) {
      assertThatThrownBy(() -> scene.move(source, "full", REPLACE_EXISTING))
          .isInstanceOf(DirectoryNotEmptyException.class);
    }
    assertThat(scene.names()).containsExactly("a", "d", "full");
    assertThat(scene.names("full")).containsExactly("x");
  }

  @Test
  @Tag("M2")
  void aDirectoryIsNotMovedIntoItselfAndNothingIsDeleted() throws IOException {
    scene.directory("d");
    scene.file("d/x", "X");
    assertThatThrownBy(() -> scene.move("d", "d/x", REPLACE_EXISTING))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> scene.move("d", "d/y")).isInstanceOf(FileSystemException.class);
    assertThat(scene.names("d")).containsExactly("x");
    assertThat(scene.content("d/x")).isEqualTo("X");
  }

  @Test
  @Tag("M4")
  void twoNamesOfOneFileAreKept() throws IOException {
    scene.file("a", "A");
    Files.createLink(scene.path("b"), scene.path("a"));
    scene.move("a", "b");
    scene.move("a", "b", REPLACE_EXISTING);
    scene.move("a", "b", ATOMIC_MOVE);
    scene.move("a", "a");
    assertThat(scene.names()).containsExactly("a", "b");
  }

  @Test
  @Tag("M2")
  void anAtomicMoveIsOneRename() throws IOException {
    scene.file("a", "A");
    scene.file("b", "B");
    scene.directory("d");
    scene.move("a", "b", ATOMIC_MOVE);
    assertThat(scene.content("b")).isEqualTo("A");
    assertThatThrownBy(() -> scene.move("b", "d", ATOMIC_MOVE))
        .isExactlyInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> scene.move("d", "b", ATOMIC_MOVE))
        .isExactlyInstanceOf(FileSystemException.class);
    assertThat(scene.names()).containsExactly("b", "d");
  }

  @Test
  @Tag("M1")
  void aDanglingLinkIsMovedItself() throws IOException {
    scene.link("a", "nowhere");
    scene.link("taken", "nowhere");
    scene.move("a", "b");
    assertThat(Files.readSymbolicLink(scene.path("b"))).isEqualTo(Path.of("nowhere"));
    assertThatThrownBy(() -> scene.move("b", "taken"))
        .isInstanceOf(FileAlreadyExistsException.class);
  }

  @Test
  @Tag("M1")
  void aPlaceWithoutANameIsRefusedAndKept() throws IOException {
    scene.file("a", "A");
    scene.directory("d");
    assertThatThrownBy(() -> scene.move("a", "")).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> scene.move("a", "d/..", REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> scene.move("d/.", "e")).isInstanceOf(FileSystemException.class);
    assertThat(scene.names()).containsExactly("a", "d");
  }

  @Test
  @Tag("M5")
  void namesOfDifferentTypesAreExchanged() throws IOException {
    scene.file("a", "A");
    scene.directory("d");
    scene.directory("e");
    scene.link("e/l", "nowhere");
    Mover.exchange(scene.place("a"), scene.place("d"));
    assertThat(scene.content("d")).isEqualTo("A");
    Mover.exchange(scene.place("a"), scene.place("e/l"));
    assertThat(scene.path("e/l")).isDirectory();
    assertThatThrownBy(() -> Mover.exchange(scene.place("a"), scene.place("x")))
        .isInstanceOfSatisfying(
            NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo("/x"));
    assertThatThrownBy(() -> Mover.exchange(scene.place("x"), scene.place("a")))
        .isInstanceOfSatisfying(
            NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo("/x"));
  }

  @Test
  @Tag("M1")
  @Tag("syscalls")
  void aConfinedMoveTakesSixSystemCalls() throws IOException {
    TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
    try (Scene traced = Scene.confined(dir, trace.syscalls(), SafeConfig.confined())) {
      traced.file("warm", "W");
      traced.move("warm", "up");
      traced.directory("d");
      traced.directory("e");
      traced.file("d/a", "A");
      trace.clear();
      traced.move("d/a", "e/b");
      assertThat(trace.names())
          .containsExactly("openat2", "openat2", "statx", "renameat2", "close", "close");
      trace.clear();
      traced.move("e/b", "e/c", REPLACE_EXISTING);
      assertThat(trace.names()).containsExactly("openat2", "statx", "renameat", "close");
    }
  }

  @Test
  @Tag("W6")
  void aDurableMoveSyncsContentAndBothDirectories() throws IOException {
    TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
    try (Scene traced = Scene.confined(dir, trace.syscalls(), SafeConfig.confined())) {
      traced.directory("d");
      traced.file("a", "A");
      traced.move("a", "d/b", SafeCopyOption.DURABLE);
      assertThat(trace.count("fsync")).isEqualTo(3);
      assertThat(trace.names().indexOf("fsync")).isLessThan(trace.names().indexOf("renameat2"));
      assertThat(traced.content("d/b")).isEqualTo("A");
    }
  }

  @Test
  @Tag("M2")
  @Tag("K3")
  void anEmptyDirectoryThatCannotBeTakenAwayOnAFullDiskIsNoRace() throws IOException {
    scene.file("f", "F");
    scene.directory("d");
    Syscalls full =
        new DenyingSyscalls(Scene.kernel())
            .deny(Errno.EINVAL, "renameat2")
            .deny(Errno.ENOSPC, "mkdirat")
            .syscalls();
    SafeConfig config = SafeConfig.confined().with("strictness", "BEST_EFFORT");
    try (Scene poor = Scene.confined(dir, full, config)) {
      assertThatThrownBy(() -> poor.move("f", "d", REPLACE_EXISTING))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageStartingWith("/d: ");
    }
    assertThat(scene.content("f")).isEqualTo("F");
    assertThat(scene.names()).contains("d", "f");
  }
}
