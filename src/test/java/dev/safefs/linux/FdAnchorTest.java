package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(60)
@Tag("R1")
class FdAnchorTest {
  private static final String DENIED = "denied";

  @TempDir Path temp;
  private Path root;
  private Anchor anchor;

  @BeforeEach
  void plantTree() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    Files.writeString(temp.resolve("secret"), "secret");
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/file"), "file");
    Files.createSymbolicLink(root.resolve("out"), Path.of("../secret"));
    Files.createSymbolicLink(root.resolve("in"), Path.of("a/file"));
    Files.createSymbolicLink(root.resolve("absolute"), Path.of("/a/file"));
    Files.createSymbolicLink(root.resolve("linkToDir"), Path.of("a"));
    anchor = Machine.confine(Machine.engine(), root);
  }

  @AfterEach
  void closeAnchor() throws IOException {
    anchor.close();
  }

  private Anchor confine(LinkPolicy links, MountPolicy mounts, String kernel) throws IOException {
    DenyingSyscalls sys = new DenyingSyscalls(Machine.kernel());
    if (kernel.equals(DENIED)) {
      sys.deny(Errno.ENOSYS, "openat2");
    }
    return Machine.engine(sys.syscalls()).confine(Machine.route(root), links, mounts);
  }

  @ParameterizedTest
  @CsvSource({
    "BENEATH, a/file, found", "BENEATH, /a/file, found", "BENEATH, in, found",
    "BENEATH, a/../a/file, found", "BENEATH, out, escape", "BENEATH, absolute, escape",
    "BENEATH, .., escape", "BENEATH, a/../.., escape", "BENEATH, nothing, absent",
    "IN_ROOT, in, found", "IN_ROOT, absolute, found", "IN_ROOT, out, absent",
    "IN_ROOT, ../../a/file, found", "REFUSE, a/file, found", "REFUSE, in, escape",
    "REFUSE, linkToDir/file, escape", "REFUSE, absolute, escape", "REFUSE, .., escape"
  })
  @Tag("R2")
  void linksLeadWhereThePolicySays(LinkPolicy links, String text, String outcome)
      throws IOException {
    for (String kernel : new String[] {"", DENIED}) {
      try (Anchor confined = confine(links, MountPolicy.CROSS, kernel)) {
        switch (outcome) {
          case "found" -> {
            try (FileHandle file = confined.open(Machine.route(text), LinkMode.FOLLOW)) {
              assertThat(file.stat().sizeBytes()).isEqualTo(4);
            }
          }
          case "escape" ->
              assertThatThrownBy(() -> confined.open(Machine.route(text), LinkMode.FOLLOW))
                  .isInstanceOf(PathEscapeException.class)
                  .hasMessageStartingWith(text + ": open");
          default ->
              assertThatThrownBy(() -> confined.open(Machine.route(text), LinkMode.FOLLOW))
                  .isInstanceOf(NoSuchFileException.class);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", DENIED})
  @Tag("R5")
  void aRefusedLinkCanBeLookedAtItself(String kernel) throws IOException {
    try (Anchor confined = confine(LinkPolicy.REFUSE, MountPolicy.CROSS, kernel);
        FileHandle link = confined.open(Machine.route("out"), LinkMode.NOFOLLOW)) {
      assertThat(link.readLink()).isEqualTo("../secret");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", DENIED})
  @Tag("R3")
  void anotherMountIsAnEscapeIfThePolicySaysSo(String kernel) throws IOException {
    root = Path.of("/");
    try (Anchor stay = confine(LinkPolicy.BENEATH, MountPolicy.STAY, kernel);
        Anchor cross = confine(LinkPolicy.BENEATH, MountPolicy.CROSS, kernel);
        Dir dir = stay.openDir(Machine.route("/"), LinkMode.FOLLOW)) {
      Name proc = Machine.name("proc");
      cross.open(Machine.route("/proc/version"), LinkMode.FOLLOW).close();
      assertThatThrownBy(() -> stay.open(Machine.route("/proc/version"), LinkMode.FOLLOW))
          .isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> stay.open(Machine.route("/proc"), LinkMode.NOFOLLOW))
          .isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> dir.openDir(proc)).isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> dir.find(proc)).isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> dir.stat(proc)).isInstanceOf(PathEscapeException.class);
      dir.openDir(Machine.name("usr")).close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "."})
  void theRootIsReachedByItsNames(String text) throws IOException {
    try (Dir dir = anchor.openDir(Machine.route(text), LinkMode.NOFOLLOW)) {
      assertThat(dir.stat(Machine.name("a"))).isPresent();
    }
  }

  @Test
  void aRouteWithoutNameHasNoParent() {
    assertThatThrownBy(() -> anchor.parent(Machine.route("a/..")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aMissingParentIsShownAsTheUserSaidIt() {
    assertThatThrownBy(() -> anchor.parent(new Route("no/x", "the user's path")))
        .isExactlyInstanceOf(NoSuchFileException.class)
        .hasMessage("the user's path");
    assertThatThrownBy(() -> anchor.parent(Machine.route("a/file/x")))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessageContaining("ENOTDIR (Not a directory)");
  }

  @Test
  void onlyADirectoryIsOpenedAsOne() throws IOException {
    assertThatThrownBy(() -> anchor.openDir(Machine.route("a/file"), LinkMode.FOLLOW))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> anchor.openDir(Machine.route("linkToDir"), LinkMode.NOFOLLOW))
        .isInstanceOf(NotDirectoryException.class);
    anchor.openDir(Machine.route("linkToDir"), LinkMode.FOLLOW).close();
  }

  @Test
  @Tag("S1")
  void anAnchorInAnAnchorIsConfinedToItsDirectory() throws IOException {
    try (Anchor inner = anchor.anchor(Machine.route("a"), LinkMode.FOLLOW)) {
      inner.open(Machine.route("/file"), LinkMode.FOLLOW).close();
      assertThatThrownBy(() -> inner.open(Machine.route("../in"), LinkMode.FOLLOW))
          .isInstanceOf(PathEscapeException.class);
      assertThat(inner.isConfining()).isTrue();
    }
  }

  @Test
  @Tag("S1")
  void anAmbientAnchorInAnAnchorBeginsAtItsDirectory() throws IOException {
    Anchor ambient = Machine.engine().ambient();
    try (Anchor inner = ambient.anchor(Machine.route(root), LinkMode.FOLLOW)) {
      inner.open(Machine.route("a/file"), LinkMode.FOLLOW).close();
      inner.open(Machine.route("../secret"), LinkMode.FOLLOW).close();
      inner.open(Machine.route(root.resolve("in")), LinkMode.FOLLOW).close();
      assertThat(inner.isConfining()).isFalse();
    }
    ambient.close();
    ambient.open(Machine.route("/"), LinkMode.FOLLOW).close();
  }

  @Test
  void aClosedAnchorIsAClosedFileSystem() throws IOException {
    anchor.close();
    anchor.close();

    assertThatThrownBy(() -> anchor.open(Machine.route("a"), LinkMode.FOLLOW))
        .isInstanceOf(ClosedFileSystemException.class);
  }

  @Test
  void aParentTakesOneCallAndItsClose() throws IOException {
    TracingSyscalls trace = new TracingSyscalls(Machine.kernel());
    try (Anchor traced = Machine.confine(Machine.engine(trace.syscalls()), root)) {
      trace.clear();
      try (ParentRef ref = traced.parent(Machine.route("a/x"))) {
        ref.dir().stat(ref.name());
      }
      assertThat(trace.names()).containsExactly("openat2", "statx", "close");
    }
  }

  @Test
  @Tag("R4")
  void noMessageShowsTheHostsPath() throws IOException {
    for (String text : new String[] {"out", "nothing/x", "a/file/x", "absolute", "in/x"}) {
      assertThatThrownBy(() -> anchor.parent(Machine.route(text + "/y")))
          .hasMessageNotContaining(temp.toString());
    }
  }
}
