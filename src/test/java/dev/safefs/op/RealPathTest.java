package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PathEscapeException;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Where files really are, whether two paths lead to one, and the making of directories. */
class RealPathTest extends InScene {
  @BeforeEach
  void plant() throws IOException {
    scene.directory("d");
    scene.directory("d/e");
    scene.file("d/f", "F");
    scene.link("l", "d/e");
    scene.link("outside", "/");
  }

  @Test
  @Tag("A2")
  @Tag("R4")
  void linksAreResolvedInTheNamespaceOfTheRoot() throws IOException {
    assertThat(RealPath.resolve(scene.place("l/../f"), LinkMode.FOLLOW)).isEqualTo("/d/f");
    assertThat(RealPath.resolve(scene.place("l"), LinkMode.FOLLOW)).isEqualTo("/d/e");
    assertThat(RealPath.resolve(scene.place(""), LinkMode.FOLLOW)).isEqualTo("/");
    assertThatThrownBy(() -> RealPath.resolve(scene.place("absent"), LinkMode.FOLLOW))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> RealPath.resolve(scene.place("outside"), LinkMode.FOLLOW))
        .isInstanceOf(PathEscapeException.class);
  }

  @Test
  @Tag("A2")
  void linksAreKeptAsTheJdkKeepsThem() throws IOException {
    Scene machine = Scene.ambient(dir);
    for (String text :
        new String[] {
          "d/./e", "d/e/..", "d/../d/f", "l", "l/.", "l/..", "l/../f", "d/e/../../l", "", "../."
        }) {
      Path jdk = dir.resolve(text).toRealPath(LinkOption.NOFOLLOW_LINKS);
      assertThat(RealPath.resolve(machine.place(text), LinkMode.NOFOLLOW))
          .as(text)
          .isEqualTo(jdk.toString());
    }
    assertThatThrownBy(() -> RealPath.resolve(scene.place("d/absent"), LinkMode.NOFOLLOW))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> RealPath.resolve(scene.place("d/../../x"), LinkMode.NOFOLLOW))
        .isInstanceOf(PathEscapeException.class);
  }

  @Test
  @Tag("A2")
  void oneFileIsRecognisedByAnyPath() throws IOException {
    Files.createLink(scene.path("hard"), scene.path("d/f"));
    assertThat(SameFile.isSame(scene.place("hard"), scene.place("l/../f"))).isTrue();
    assertThat(SameFile.isSame(scene.place("l"), scene.place("d/e"))).isTrue();
    assertThat(SameFile.isSame(scene.place("d"), scene.place("d/e"))).isFalse();
    assertThat(SameFile.isSame(scene.place("absent"), scene.place("absent"))).isTrue();
    assertThatThrownBy(() -> SameFile.isSame(scene.place("d"), scene.place("absent")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @Tag("W8")
  void aDirectoryIsMadeUnderTheUmask() throws IOException {
    var all = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx"));
    Directories.create(scene.place("made"), InitialAttributes.NONE);
    Directories.create(scene.place("open"), InitialAttributes.parse(all));
    Files.createDirectory(scene.path("jdk"), all);
    assertThat(scene.stat("made").mode()).isEqualTo(scene.stat("jdk").mode());
    assertThat(scene.stat("open").mode()).isEqualTo(scene.stat("jdk").mode());
    for (String taken : new String[] {"made", "d/f", "l", "", "d/.", "d/.."}) {
      assertThatThrownBy(() -> Directories.create(scene.place(taken), InitialAttributes.NONE))
          .as(taken)
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThatThrownBy(() -> Directories.create(scene.place("absent/x"), InitialAttributes.NONE))
        .isInstanceOf(NoSuchFileException.class);
  }
}
