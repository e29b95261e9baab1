package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import dev.safefs.Requirement;
import dev.safefs.SafeFiles;
import dev.safefs.kernel.Kernel;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Mounts beneath a root: bind mounts of directories and files, of the same and of another file
 * system.
 */
@Tag("root")
@Tag("R3")
@ParameterizedClass
@EnumSource(
    value = Kernel.class,
    names = {"WHOLE", "OLD", "STATX_MISSING", "OLDEST"})
class MountTest {
  private final Kernel kernel;
  private final Deque<Path> mounted = new ArrayDeque<>();

  @TempDir Path temporary;
  private Ground ground;

  MountTest(Kernel kernel) {
    this.kernel = kernel;
  }

  @BeforeEach
  void mount() throws IOException {
    Requirement.present(Ground.isRoot(), "root");
    ground = Ground.plant(temporary);
    ground.directory("in");
    Files.writeString(ground.outside().resolve("file"), "outside");
    Path bind = Files.createDirectory(ground.host().resolve("bind"));
    Path other = Files.createDirectory(ground.host().resolve("other"));
    Path file = Files.createFile(ground.host().resolve("bound"));
    mount(bind, "--bind", ground.outside().toString(), bind.toString());
    mount(other, "-t", "tmpfs", "tmpfs", other.toString());
    Files.writeString(other.resolve("file"), "other");
    mount(file, "--bind", ground.outside().resolve("secret").toString(), file.toString());
  }

  private void mount(Path place, String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = "mount";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Ground.run(command);
    mounted.push(place);
  }

  @AfterEach
  void unmount() throws IOException {
    for (Path place : mounted) {
      Ground.run("umount", "-l", place.toString());
    }
  }

  private FileSystem open(String mounts) throws IOException {
    return PlayedProvider.over(kernel::over).newFileSystem(ground.host(), Map.of("mounts", mounts));
  }

  @Test
  void stayRefusesEveryOtherMount() throws IOException {
    String before = ground.outsideState();
    try (FileSystem safe = open("STAY")) {
      for (String name : new String[] {"bind", "other"}) {
        Operations.all()
            .forEach(
                (what, call) ->
                    assertThatThrownBy(() -> call.on(safe.getPath(name)))
                        .as("%s %s", what, name)
                        .isInstanceOf(PathEscapeException.class));
      }
      Path bound = safe.getPath("bound");
      assertThatThrownBy(() -> Files.readString(bound)).isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> Files.writeString(bound, "x")).isInstanceOf(IOException.class);
      assertThatThrownBy(() -> Files.setAttribute(bound, "user:x", new byte[1]))
          .isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> Files.copy(bound, safe.getPath("copied")))
          .isInstanceOf(PathEscapeException.class);
      assertThatThrownBy(() -> Files.createLink(safe.getPath("linked"), bound))
          .isInstanceOf(IOException.class);
      assertThat(Files.readString(safe.getPath("in/file"))).isEqualTo("in");
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  @Test
  @Tag("R2")
  void whereNoLinkIsFollowedNoneIsWrittenThrough() throws IOException {
    Path quiet = Files.createDirectory(ground.host().resolve("quiet"));
    mount(quiet, "-t", "tmpfs", "-o", "nosymfollow", "tmpfs", quiet.toString());
    Files.writeString(quiet.resolve("target"), "old");
    Files.createSymbolicLink(quiet.resolve("link"), quiet.getFileSystem().getPath("target"));
    try (FileSystem safe = open("CROSS")) {
      Path link = safe.getPath("quiet/link");
      assertThatThrownBy(() -> Files.readString(link)).hasMessageContaining("ELOOP");
      assertThatThrownBy(() -> Files.writeString(link, "new")).hasMessageContaining("ELOOP");
      assertThatThrownBy(() -> SafeFiles.pin(link)).hasMessageContaining("ELOOP");
      assertThat(Files.readSymbolicLink(link)).hasToString("target");
    }
    assertThat(quiet.resolve("target")).hasContent("old");
  }

  @Test
  void stayHoldsOnEachSideOfTwoFileSystems() throws Exception {
    String before = ground.outsideState();
    Path two = ground.directory("two");
    try (FileSystem source = open("STAY");
        FileSystem target = source.provider().newFileSystem(two, Map.of("mounts", "CROSS"))) {
      for (Map.Entry<String, TwoRootsTest.Pair> pair : TwoRootsTest.pairs().entrySet()) {
        for (String name : new String[] {"bind", "other"}) {
          assertThat(
                  catchThrowable(
                      () -> pair.getValue().between(source.getPath(name), target.getPath("/"))))
              .as("%s from %s", pair.getKey(), name)
              .isInstanceOf(PathEscapeException.class);
          assertThat(
                  catchThrowable(
                      () -> pair.getValue().between(target.getPath("/"), source.getPath(name))))
              .as("%s to %s", pair.getKey(), name)
              .isInstanceOf(PathEscapeException.class);
        }
      }
      assertThat(Files.readString(target.getPath("file"))).isEqualTo("two");
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  /** With neither statx nor procfs two mounts of one device cannot be told apart. */
  @Test
  @Tag("G2")
  void stayWithoutProofIsRefused() throws IOException {
    UnaryOperator<Syscalls> blind =
        real ->
            kernel.over(
                Kernel.STATX_FORBIDDEN.over(
                    Kernel.OPENAT2_MISSING.over(Kernel.PROC_MISSING.over(real))));
    Map<String, String> env = Map.of("mounts", "STAY");
    try (FileSystem safe = PlayedProvider.over(blind).newFileSystem(ground.host(), env)) {
      assertThatThrownBy(() -> Files.createDirectory(safe.getPath("other/new")))
          .isInstanceOf(PathEscapeException.class);
      for (String name : new String[] {"bind/new", "in/new"}) {
        assertThatThrownBy(() -> Files.createDirectory(safe.getPath(name)))
            .isInstanceOf(GuaranteeUnavailableException.class)
            .hasMessageContaining("R3");
      }
    }
    assertThat(ground.host().resolve("in/new")).doesNotExist();
  }

  @Test
  void crossEntersThem() throws Exception {
    try (FileSystem safe = open("CROSS")) {
      assertThat(Files.readString(safe.getPath("bind/file"))).isEqualTo("outside");
      assertThat(Files.readString(safe.getPath("other/file"))).isEqualTo("other");
      Files.move(safe.getPath("other/file"), safe.getPath("in/moved"));
      assertThat(ground.host().resolve("in/moved")).hasContent("other");
      assertThat(safe.getPath("bind/file").toRealPath()).hasToString("/bind/file");
      assertThatThrownBy(() -> Files.readString(safe.getPath("bind/../../outside/file")))
          .isInstanceOf(PathEscapeException.class);
    }
  }

  /** The kernel gives a lazily unmounted root no path any more. */
  @Test
  void aRootThatIsUnmountedLazilyGoesOn() throws IOException {
    Path root = ground.host().resolve("other");
    try (FileSystem safe = PlayedProvider.over(kernel::over).newFileSystem(root, Map.of())) {
      Ground.run("umount", "-l", root.toString());
      mounted.remove(root);
      Files.writeString(root.resolve("file"), "beneath the mount");
      assertThat(Files.readString(safe.getPath("file"))).isEqualTo("other");
      Files.writeString(safe.getPath("file"), "rewritten");
      Files.createDirectory(safe.getPath("made"));
      Files.move(safe.getPath("file"), safe.getPath("made/file"));
      assertThat(Files.readString(safe.getPath("made/file"))).isEqualTo("rewritten");
      assertThat(safe.getPath("made/file").toRealPath()).hasToString("/made/file");
      assertThatThrownBy(() -> Files.readString(safe.getPath("../in/file")))
          .isInstanceOf(PathEscapeException.class);
      assertThat(root.resolve("file")).hasContent("beneath the mount");
    }
  }
}
