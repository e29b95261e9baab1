package dev.safefs.op;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.FileType;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PinTest extends InScene {
  @BeforeEach
  void plant() throws IOException {
    scene.file("a", "A");
  }

  private Pin pin(String name) throws IOException {
    return Pin.open(scene.place(name), LinkMode.NOFOLLOW);
  }

  @Test
  @Tag("H1")
  void aPinnedFileIsLinkedAndFoundWhereverItIs() throws IOException {
    try (Pin pin = pin("a")) {
      Files.move(scene.path("a"), scene.path("moved"));
      scene.file("a", "OTHER");
      assertThat(pin.isAt(scene.place("moved"))).isTrue();
      assertThat(pin.isAt(scene.place("a"))).isFalse();
      assertThat(pin.isAt(scene.place("absent"))).isFalse();
      assertThat(pin.currentPath()).isEqualTo("/moved");
      pin.linkTo(scene.place("link"));
      assertThat(scene.content("link")).isEqualTo("A");
      assertThatThrownBy(() -> pin.linkTo(scene.place("a")))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
  }

  @Test
  @Tag("H1")
  void aLinkIsFollowedOrPinnedItself() throws IOException {
    scene.link("l", "a");
    try (Pin itself = pin("l");
        Pin followed = Pin.open(scene.place("l"), LinkMode.FOLLOW)) {
      assertThat(itself.handle().stat().type()).isEqualTo(FileType.SYMLINK);
      followed.delete();
      itself.linkTo(scene.place("m"));
      itself.delete();
    }
    assertThat(scene.names()).containsExactly("m");
    assertThatThrownBy(() -> Pin.open(scene.place("m"), LinkMode.FOLLOW))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** Its text tells where the program was, and something else can be there for who asks. */
  @Test
  @Tag("H1")
  void aLinkOfProcfsIsFollowedToWhatItStandsFor() throws Exception {
    Path program = scene.path("program");
    Files.copy(Path.of("/bin/sleep"), program);
    Process running = new ProcessBuilder(program.toString(), "60").start();
    try (Scene ambient = Scene.ambient(Path.of("/proc/" + running.pid()))) {
      Object key = Files.getAttribute(program, "unix:ino");
      Files.delete(program);
      scene.file("program (deleted)", "OTHER");
      try (Pin pin = Pin.open(ambient.place("exe"), LinkMode.FOLLOW)) {
        assertThat(pin.handle().readAttributes("unix:ino")).containsEntry("ino", key);
      }
      assertThatThrownBy(() -> write(ambient, "exe")).hasMessageContaining("Text file busy");
      assertThat(scene.content("program (deleted)")).isEqualTo("OTHER");
    } finally {
      running.destroyForcibly().waitFor();
    }
  }

  private static void write(Scene scene, String name) throws IOException {
    Set<OpenOption> options =
        Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    Opener.open(scene.place(name), OpenRequest.parse(options, scene.place(name).config())).close();
  }

  @Test
  @Tag("H2")
  void onlyThePinnedFileIsDeletedUnderItsNewName() throws IOException {
    try (Pin pin = pin("a")) {
      Files.move(scene.path("a"), scene.path("moved"));
      scene.file("a", "OTHER");
      pin.delete();
      assertThat(scene.names()).containsExactly("a");
      assertThatThrownBy(pin::delete).isInstanceOf(SourceChangedException.class);
    }
    assertThat(scene.content("a")).isEqualTo("OTHER");
  }

  @Test
  @Tag("H2")
  void onlyThePinnedFileIsMoved() throws IOException {
    scene.file("taken", "T");
    scene.directory("d");
    try (Pin pin = pin("a")) {
      Files.move(scene.path("a"), scene.path("moved"));
      scene.file("a", "OTHER");
      assertThatThrownBy(() -> pin.moveTo(scene.place("taken"), MoveRequest.parse()))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(scene.content("moved")).isEqualTo("A");
      pin.moveTo(scene.place("taken"), MoveRequest.parse(REPLACE_EXISTING));
      assertThat(scene.content("taken")).isEqualTo("A");
      pin.moveTo(scene.place("d/b"), MoveRequest.parse(ATOMIC_MOVE));
      assertThat(scene.content("d/b")).isEqualTo("A");
      assertThatThrownBy(() -> pin.moveTo(scene.place("x"), MoveRequest.parse()))
          .isInstanceOf(SourceChangedException.class);
    }
    assertThat(scene.names()).containsExactly("a", "d");
    assertThat(scene.content("a")).isEqualTo("OTHER");
  }

  @Test
  @Tag("H2")
  void whatWasMovedIsFoundUnderTheNameThatItGotAndNotAnotherLink() throws IOException {
    List<String> links = IntStream.range(0, 20).mapToObj(i -> "link" + i).toList();
    for (String link : links) {
      Files.createLink(scene.path(link), scene.path("a"));
    }
    try (Pin pin = pin("a")) {
      pin.moveTo(scene.place("b"), MoveRequest.parse());
      pin.moveTo(scene.place("c"), MoveRequest.parse());
      assertThat(scene.names()).contains("c").containsAll(links).hasSize(21);
      pin.delete();
    }
    assertThat(scene.names()).containsExactlyInAnyOrderElementsOf(links);
  }

  @Test
  @Tag("H2")
  @Tag("M4")
  void aMoveOntoAnotherNameOfThePinnedFileChangesNothing() throws IOException {
    Files.createLink(scene.path("b"), scene.path("a"));
    try (Pin pin = pin("a")) {
      pin.moveTo(scene.place("b"), MoveRequest.parse(REPLACE_EXISTING));
    }
    assertThat(scene.names()).containsExactly("a", "b");
  }

  @Test
  @Tag("H2")
  void aPinnedDirectoryIsDeletedOnlyWhenEmpty() throws IOException {
    scene.directory("d");
    scene.file("d/x", "X");
    try (Pin pin = pin("d")) {
      assertThatThrownBy(pin::delete).isInstanceOf(DirectoryNotEmptyException.class);
      Files.delete(scene.path("d/x"));
      pin.delete();
    }
    assertThat(scene.names()).containsExactly("a");
  }

  @Test
  @Tag("H1")
  @Tag("L4")
  void withoutTheRightToLinkByHandleProcfsIsTaken() throws IOException {
    // What the kernel says to AT_EMPTY_PATH without CAP_DAC_READ_SEARCH.
    FaultingSyscalls first = FaultingSyscalls.once(Scene.kernel(), 1, Errno.ENOENT, "linkat");
    try (Scene denied = Scene.confined(dir, first.syscalls(), SafeConfig.confined());
        Pin pin = Pin.open(denied.place("a"), LinkMode.NOFOLLOW)) {
      pin.linkTo(denied.place("b"));
    }
    assertThat(scene.content("b")).isEqualTo("A");
    DenyingSyscalls both = new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOENT, "linkat");
    try (Scene denied = Scene.confined(dir, both.syscalls(), SafeConfig.confined());
        Pin pin = Pin.open(denied.place("a"), LinkMode.NOFOLLOW)) {
      assertThatThrownBy(() -> pin.linkTo(denied.place("c")))
          .isInstanceOf(GuaranteeUnavailableException.class)
          .hasMessageContaining("L4");
    }
    assertThat(scene.names()).containsExactly("a", "b");
  }

  @Test
  @Tag("M5")
  void aDirectoryIsPublishedWholeAndTheOldOneHandedBack() throws IOException {
    scene.directory("staged");
    scene.file("staged/v", "1");
    assertThat(Directories.replace(scene.place("staged"), scene.place("live")))
        .isEqualTo(Directories.Replaced.NOTHING);
    scene.directory("staged");
    scene.file("staged/v", "2");
    assertThat(Directories.replace(scene.place("staged"), scene.place("live")))
        .isEqualTo(Directories.Replaced.EXCHANGED);
    assertThat(scene.content("live/v")).isEqualTo("2");
    assertThat(scene.content("staged/v")).isEqualTo("1");
    assertThatThrownBy(() -> Directories.replace(scene.place("staged"), scene.place("a")))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> Directories.replace(scene.place("absent"), scene.place("live")))
        .isInstanceOf(NoSuchFileException.class);
  }

  /** As somebody else's file on a mount without flags of renames. */
  @Test
  @Tag("H2")
  void whatMayNotBeLinkedIsPutBackAllTheSame() throws IOException {
    DenyingSyscalls poor =
        new DenyingSyscalls(Scene.kernel())
            .deny(Errno.EINVAL, "renameat2")
            .deny(Errno.EPERM, "linkat");
    scene.file("b", "B");
    try (Scene near = Scene.confined(dir, poor.syscalls(), SafeConfig.confined());
        Pin pin = Pin.open(near.place("a"), LinkMode.NOFOLLOW)) {
      for (String target : new String[] {"b", "free"}) {
        assertThatThrownBy(() -> pin.moveTo(near.place(target), MoveRequest.parse()))
            .isInstanceOf(FileSystemException.class);
        assertThat(scene.names()).containsExactly("a", "b");
        assertThat(scene.content("a")).isEqualTo("A");
        assertThat(scene.content("b")).isEqualTo("B");
      }
    }
  }
}
