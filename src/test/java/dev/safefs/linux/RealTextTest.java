package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Tag("A2")
class RealTextTest {
  @TempDir Path temp;
  private Path root;

  @BeforeEach
  void plantTree() throws IOException {
    temp = temp.toRealPath();
    root = Files.createDirectory(temp.resolve("root"));
    Files.createDirectories(root.resolve("a/b"));
    Files.writeString(root.resolve("a/b/file"), "file");
    Files.createSymbolicLink(root.resolve("link"), Path.of("a/b/file"));
  }

  private static String real(Anchor anchor, String text, LinkMode links) throws IOException {
    Route route = Machine.route(text);
    try (FileHandle file = anchor.open(route, links)) {
      return anchor.realText(file, route);
    }
  }

  @Test
  void aLinkIsResolved() throws IOException {
    try (Anchor anchor = Machine.confine(Machine.engine(), root)) {
      assertThat(real(anchor, "link", LinkMode.FOLLOW)).isEqualTo("/a/b/file");
      assertThat(real(anchor, "link", LinkMode.NOFOLLOW)).isEqualTo("/link");
      assertThat(real(anchor, "a/../a/b", LinkMode.FOLLOW)).isEqualTo("/a/b");
      assertThat(real(anchor, "/", LinkMode.FOLLOW)).isEqualTo("/");
    }
    Anchor ambient = Machine.engine().ambient();
    assertThat(real(ambient, root.resolve("link").toString(), LinkMode.FOLLOW))
        .isEqualTo(root.resolve("a/b/file").toString());
    assertThat(real(ambient, ".", LinkMode.FOLLOW)).isEqualTo(Path.of(".").toRealPath().toString());
  }

  @Test
  @Tag("K4")
  void theWalkTellsWhereProcfsDoesNot() throws IOException {
    LinuxEngine engine = Machine.engine(Machine.withoutProcfs());
    try (Anchor anchor = Machine.confine(engine, root)) {
      assertThat(real(anchor, "a/../a/b/file", LinkMode.FOLLOW)).isEqualTo("/a/b/file");
      assertThat(real(anchor, "link", LinkMode.NOFOLLOW)).isEqualTo("/link");
      assertThat(real(anchor, "link", LinkMode.FOLLOW)).isEqualTo("/a/b/file");
    }
    String path = root.resolve("link").toString();
    assertThat(real(engine.ambient(), path, LinkMode.FOLLOW))
        .isEqualTo(root.resolve("a/b/file").toString());
    assertThatThrownBy(() -> real(engine.ambient(), ".", LinkMode.FOLLOW))
        .isInstanceOf(GuaranteeUnavailableException.class);
  }

  @Test
  void theRootMayBeRenamedMeanwhile() throws IOException {
    try (Anchor anchor = Machine.confine(Machine.engine(), root)) {
      Files.move(root, temp.resolve("elsewhere"));
      assertThat(real(anchor, "link", LinkMode.FOLLOW)).isEqualTo("/a/b/file");
    }
  }

  @Test
  @Tag("R1")
  void whatWasMovedOutIsNoLongerBeneath() throws IOException {
    Route route = Machine.route("a/b/file");
    try (Anchor anchor = Machine.confine(Machine.engine(), root);
        FileHandle file = anchor.open(route, LinkMode.FOLLOW)) {
      Files.move(root.resolve("a/b/file"), temp.resolve("out"));
      assertThatThrownBy(() -> anchor.realText(file, route))
          .isInstanceOf(PathEscapeException.class)
          .hasMessageNotContaining(temp.toString());
    }
  }

  @Test
  void whatWasRemovedHasNoPath() throws IOException {
    Route route = Machine.route("a/b/file");
    try (Anchor anchor = Machine.confine(Machine.engine(), root);
        FileHandle file = anchor.open(route, LinkMode.FOLLOW)) {
      Files.delete(root.resolve("a/b/file"));
      assertThatThrownBy(() -> anchor.realText(file, route))
          .isInstanceOf(NoSuchFileException.class)
          .hasMessage("a/b/file");
    }
  }

  @Test
  void aNameMayEndInTheKernelsSuffix() throws IOException {
    Files.createFile(root.resolve("x (deleted)"));
    try (Anchor anchor = Machine.confine(Machine.engine(), root)) {
      assertThat(real(anchor, "x (deleted)", LinkMode.FOLLOW)).isEqualTo("/x (deleted)");
    }
    String path = root.resolve("x (deleted)").toString();
    assertThat(real(Machine.engine().ambient(), path, LinkMode.FOLLOW)).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/usr"})
  void theRootMayBeTheMachines(String top) throws IOException {
    try (Anchor anchor = Machine.confine(Machine.engine(), Path.of(top))) {
      assertThat(real(anchor, ".", LinkMode.FOLLOW)).isEqualTo("/");
      for (String text : List.of("/usr/bin", "/bin")) {
        if (Files.isDirectory(Path.of(top + text), java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
          assertThat(real(anchor, text, LinkMode.FOLLOW)).isEqualTo(text);
        }
      }
    }
  }
}
