package dev.safefs.portable;

import static dev.safefs.portable.Bench.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
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
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class AnchorTest {
  private final Ground ground;
  private Path top;
  private Path root;
  private Bench bench;

  AnchorTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void open() throws IOException {
    top = ground.open();
    Files.writeString(top.resolve("secret"), "S");
    root = Files.createDirectory(top.resolve("root"));
    bench = Bench.over(root);
    bench.directory("d");
    bench.directory("d/e");
    bench.file("d/e/x", "X");
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
    ground.discard(top);
  }

  private FileType type(String text) throws IOException {
    try (FileHandle file = bench.anchor.open(route(text), LinkMode.FOLLOW)) {
      return file.stat().type();
    }
  }

  private Bench under(LinkPolicy links) throws IOException {
    return Bench.over(root, root.getFileSystem().provider(), links);
  }

  @Test
  void theParentOfANameIsOpened() throws IOException {
    try (ParentRef parent = bench.anchor.parent(route("d/e/new"))) {
      assertThat(parent.name().text()).isEqualTo("new");
      assertThat(Bench.names(parent.dir())).containsExactly("x");
      assertThat(parent.display()).isEqualTo("/d/e/new");
    }
    assertThatThrownBy(() -> bench.anchor.parent(route("no/new")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> bench.anchor.parent(route("d/e/x/new")))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void rootsAndFilesAreOpened() throws IOException {
    assertThat(type("")).isEqualTo(FileType.DIRECTORY);
    assertThat(type("d/./e")).isEqualTo(FileType.DIRECTORY);
    assertThat(type("d/e/x")).isEqualTo(FileType.REGULAR);
    assertThat(type("d/e/../../d/e/x")).isEqualTo(FileType.REGULAR);
    assertThatThrownBy(() -> type("d/y")).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> type("d/e/x/..")).isInstanceOf(FileSystemException.class);
  }

  @Test
  @Tag("R1")
  void stepsUpOutOfTheRootAreEscapes() {
    assertThatThrownBy(() -> type("../secret")).isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> type("d/../../secret"))
        .isInstanceOfSatisfying(
            PathEscapeException.class, e -> assertThat(e.getFile()).isEqualTo("/d/../../secret"));
  }

  @Test
  @Tag("R1")
  @Tag("R2")
  void linksAreFollowedBeneathTheRootOnly() throws IOException {
    bench.link("in", "d/e");
    bench.link("d/up", "../d/e/x");
    bench.link("out", "../secret");
    bench.link("absolute", top.resolve("secret").toString());
    assertThat(type("in/x")).isEqualTo(FileType.REGULAR);
    assertThat(type("d/up")).isEqualTo(FileType.REGULAR);
    assertThatThrownBy(() -> type("out")).isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> type("absolute"))
        .isInstanceOf(PathEscapeException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> bench.anchor.parent(route("out/x")))
        .isInstanceOf(PathEscapeException.class);
  }

  @Test
  @Tag("R2")
  void linksAreRefusedOrReadAsInAChroot() throws IOException {
    bench.link("in", "d/e");
    bench.link("up", "../../d/e/x");
    try (Bench refusing = under(LinkPolicy.REFUSE);
        Bench chroot = under(LinkPolicy.IN_ROOT)) {
      assertThatThrownBy(() -> refusing.anchor.open(route("in/x"), LinkMode.FOLLOW))
          .isInstanceOf(PathEscapeException.class);
      assertThat(refusing.anchor.open(route("in"), LinkMode.NOFOLLOW).stat().type())
          .isEqualTo(FileType.SYMLINK);
      assertThat(chroot.anchor.open(route("up"), LinkMode.FOLLOW).stat().type())
          .isEqualTo(FileType.REGULAR);
    }
  }

  @Test
  @Tag("R2")
  void absoluteLinksAreReadAsInAChroot() throws IOException {
    Path first = root.getFileSystem().getRootDirectories().iterator().next();
    bench.link("absolute", first.resolve("d").toString());
    try (Bench chroot = under(LinkPolicy.IN_ROOT)) {
      assertThat(chroot.anchor.open(route("absolute/e/x"), LinkMode.FOLLOW).stat().type())
          .isEqualTo(FileType.REGULAR);
    }
  }

  @Test
  void loopsEnd() throws IOException {
    bench.link("a", "b");
    bench.link("b", "a");
    assertThatThrownBy(() -> type("a"))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("Too many levels");
  }

  @Test
  @Tag("R5")
  void aLinkAtTheEndIsNotFollowedUnlessAsked() throws IOException {
    bench.link("l", "d");
    assertThat(bench.open("l").stat().type()).isEqualTo(FileType.SYMLINK);
    assertThatThrownBy(() -> bench.anchor.openDir(route("l"), LinkMode.NOFOLLOW))
        .isInstanceOf(NotDirectoryException.class);
    try (Dir dir = bench.anchor.openDir(route("l"), LinkMode.FOLLOW)) {
      assertThat(Bench.names(dir)).containsExactly("e");
    }
    assertThatThrownBy(() -> bench.anchor.openDir(route("d/e/x"), LinkMode.FOLLOW))
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void anAnchorInAnAnchorConfinesToItsDirectory() throws IOException {
    bench.file("above", "A");
    try (Anchor inner = bench.anchor.anchor(route("d"), LinkMode.FOLLOW)) {
      assertThat(inner.isConfining()).isTrue();
      assertThat(inner.open(route("e/x"), LinkMode.FOLLOW).stat().type())
          .isEqualTo(FileType.REGULAR);
      assertThatThrownBy(() -> inner.open(route("../above"), LinkMode.FOLLOW))
          .isInstanceOf(PathEscapeException.class);
    }
    assertThat(type("d")).isEqualTo(FileType.DIRECTORY);
  }

  @Test
  void theRealTextHasNoLinks() throws IOException {
    bench.link("l", "d/e");
    Route through = route("l/x");
    try (FileHandle file = bench.anchor.open(through, LinkMode.FOLLOW);
        FileHandle whole = bench.anchor.open(Bench.ROOT, LinkMode.FOLLOW)) {
      assertThat(bench.anchor.realText(file, through)).isEqualTo(bench.shown("d/e/x"));
      assertThat(bench.anchor.realText(whole, Bench.ROOT)).isEqualTo(bench.shown(""));
      Files.delete(bench.path("d/e/x"));
      assertThatThrownBy(() -> bench.anchor.realText(file, through))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void theAmbientAnchorServesTheWholeNamespace() throws IOException {
    Anchor ambient = bench.engine.ambient();
    String text = top.resolve("secret").toString().replace('\\', '/');
    assertThat(ambient.isConfining()).isFalse();
    try (FileHandle file = ambient.open(new Route(text, text), LinkMode.FOLLOW)) {
      assertThat(file.stat().sizeBytes()).isEqualTo(1);
      assertThat(ambient.realText(file, new Route(text, text))).isEqualTo(text);
    }
    ambient.close();
    String dir = root.toString().replace('\\', '/');
    Route route = new Route(dir, "shown");
    try (Anchor confined = bench.engine.confine(route, LinkPolicy.BENEATH, MountPolicy.STAY)) {
      assertThat(confined.open(route("d/e/x"), LinkMode.FOLLOW).stat().type())
          .isEqualTo(FileType.REGULAR);
    }
    Route file = new Route(text, "shown");
    assertThatThrownBy(() -> bench.engine.confine(file, LinkPolicy.BENEATH, MountPolicy.CROSS))
        .isInstanceOfSatisfying(
            NotDirectoryException.class, e -> assertThat(e.getFile()).isEqualTo("shown"));
  }

  @Test
  void aClosedAnchorSaysSo() throws IOException {
    Bench closed = Bench.over(root);
    closed.close();
    closed.close();
    assertThatThrownBy(() -> closed.anchor.open(route("d"), LinkMode.FOLLOW))
        .isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(() -> closed.anchor.parent(route("d")))
        .isInstanceOf(ClosedFileSystemException.class);
  }

  @Test
  @Tag("R1")
  void anExchangedDirectoryIsSeenOrDoesNotMatter() throws IOException {
    try (Dir dir = bench.anchor.openDir(route("d"), LinkMode.FOLLOW)) {
      Files.move(bench.path("d"), bench.path("away"));
      Files.createSymbolicLink(bench.path("d"), top);
      if (bench.engine.holds(bench.anchor) == Hold.OPEN) {
        assertThat(Bench.names(dir)).containsExactly("e");
        assertThat(dir.stat(Bench.name("secret"))).isEmpty();
      } else {
        assertThatThrownBy(() -> dir.stat(Bench.name("secret")))
            .isInstanceOf(FileSystemException.class);
        assertThatThrownBy(dir::list).isInstanceOf(FileSystemException.class);
      }
      assertThatThrownBy(() -> dir.mkdir(Bench.name("new"), 0700))
          .isInstanceOf(FileSystemException.class);
    }
    assertThat(Files.exists(top.resolve("new"))).isFalse();
  }

  @Test
  @Tag("R1")
  void anotherDirectoryUnderThePathIsARace() throws IOException {
    try (Dir dir = bench.anchor.openDir(route("d"), LinkMode.FOLLOW)) {
      Files.move(bench.path("d"), bench.path("away"));
      bench.directory("d");
      assertThatThrownBy(() -> dir.mkdir(Bench.name("new"), 0700))
          .isInstanceOf(RaceDetectedException.class);
    }
    assertThat(bench.names("d")).isEmpty();
  }

  @Test
  void streamsAreUsedWhereTheDelegateHasThem() throws IOException {
    boolean streams;
    try (java.nio.file.DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
      streams = stream instanceof java.nio.file.SecureDirectoryStream<?>;
    }
    assertThat(bench.engine.holds(bench.anchor)).isEqualTo(streams ? Hold.OPEN : Hold.BY_PATH);
  }
}
