package dev.safefs.confined;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import dev.safefs.kernel.Kernel;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The link policies, for every operation, on both sides of those with two paths, on kernels with
 * and without openat2.
 */
@Tag("R2")
@ParameterizedClass
@EnumSource(
    value = Kernel.class,
    names = {"WHOLE", "OLD"})
class PolicyTest {
  private static final Set<String> HARMLESS =
      Set.of("delete", "delete if same", "create directories", "pinned at");

  private final Kernel kernel;

  @TempDir Path temporary;
  private Ground ground;

  PolicyTest(Kernel kernel) {
    this.kernel = kernel;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    ground.directory("other");
    ground.link("outabsolute", ground.outside().toString());
    ground.link("outrelative", "../outside");
    ground.link("inabsolute", "/in");
    ground.link("inrelative", "in");
    restock();
  }

  private void restock() throws IOException {
    Ground.remove(ground.host().resolve("in"));
    ground.directory("in");
    ground.directory("in/deep");
    ground.link("in/deep/up", "../../other");
    ground.link("in/deep/root", "/other");
    ground.link("in/deep/out", "../../../outside");
  }

  private FileSystem open(String links) throws IOException {
    return PlayedProvider.over(kernel::over)
        .newFileSystem(ground.host(), Map.of("links", links, "durability", "NONE"));
  }

  private void refused(FileSystem safe, String... ways) throws IOException {
    String before = ground.outsideState();
    for (String way : ways) {
      Operations.all()
          .forEach(
              (what, call) ->
                  assertThat(catchThrowable(() -> call.on(safe.getPath(way))))
                      .as("%s %s", what, way)
                      .isInstanceOf(PathEscapeException.class));
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  private void done(FileSystem safe, String... ways) throws Exception {
    for (String way : ways) {
      for (Map.Entry<String, Operations.Call> operation : Operations.all().entrySet()) {
        try {
          operation.getValue().on(safe.getPath(way));
        } catch (IOException e) {
          throw new AssertionError(operation.getKey() + " " + way, e);
        }
        restock();
      }
    }
  }

  @Test
  void beneathFollowsWhatStaysBeneath() throws Exception {
    try (FileSystem safe = open("BENEATH")) {
      refused(
          safe,
          "outabsolute",
          "outrelative",
          "inabsolute",
          "..",
          "in/../..",
          "../" + Ground.TELLING + "/in",
          "in/deep/out");
      done(safe, "inrelative", "in/deep/..", "inrelative/../in");
    }
  }

  @Test
  void refuseFollowsNothing() throws Exception {
    try (FileSystem safe = open("REFUSE")) {
      refused(
          safe, "outabsolute", "outrelative", "inabsolute", "inrelative", "..", "inrelative/deep");
      done(safe, "in", "in/deep/..");
    }
  }

  @Test
  void inRootReadsLinksAsInAChroot() throws Exception {
    String before = ground.outsideState();
    try (FileSystem safe = open("IN_ROOT")) {
      done(safe, "inabsolute", "inrelative", "../in", "in/deep/../../../../in");
      for (String way : new String[] {"outabsolute", "outrelative", "in/deep/out"}) {
        Operations.all()
            .forEach(
                (what, call) -> {
                  // A missing file to delete is no failure, and missing directories are created.
                  if (!HARMLESS.contains(what)) {
                    assertThat(catchThrowable(() -> call.on(safe.getPath(way))))
                        .as("%s %s", what, way)
                        .isInstanceOf(FileSystemException.class);
                  }
                });
      }
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  /** The exception by which {@code FileSystems.newFileSystem} goes on to the next provider. */
  @Test
  void noFileSystemIsMadeOfADirectoryOutside() throws IOException {
    try (FileSystem safe = open("BENEATH")) {
      for (String way : new String[] {"outabsolute", "outrelative", "..", "in/deep/out"}) {
        assertThatThrownBy(() -> safe.provider().newFileSystem(safe.getPath(way), Map.of()))
            .as(way)
            .isInstanceOf(UnsupportedOperationException.class);
      }
      try (FileSystem within = safe.provider().newFileSystem(safe.getPath("in"), Map.of())) {
        assertThat(Files.readString(within.getPath("file"))).isEqualTo("in");
        assertThatThrownBy(() -> Files.readString(within.getPath("deep/up/file")))
            .isInstanceOf(PathEscapeException.class);
      }
    }
  }

  @Test
  @Tag("R5")
  void slashesAndDotsAreNoWayRoundNotFollowing() throws IOException {
    for (String links : new String[] {"BENEATH", "IN_ROOT", "REFUSE"}) {
      try (FileSystem safe = open(links)) {
        Path link = safe.getPath("/inrelative/");
        assertThat(Files.isSymbolicLink(link)).isTrue();
        for (String way : new String[] {"/inrelative/.", "/inrelative/./"}) {
          Path path = safe.getPath(way);
          assertThatThrownBy(() -> Files.delete(path)).as(way).isInstanceOf(IOException.class);
          assertThatThrownBy(() -> Files.move(path, safe.getPath("moved")))
              .as(way)
              .isInstanceOf(IOException.class);
          assertThatThrownBy(
                  () ->
                      Files.move(safe.getPath("other"), path, StandardCopyOption.REPLACE_EXISTING))
              .as(way)
              .isInstanceOf(IOException.class);
        }
        Files.move(link, safe.getPath("moved/"));
        Files.move(safe.getPath("moved/"), link);
      }
      assertThat(ground.host().resolve("inrelative")).isSymbolicLink();
      assertThat(ground.host().resolve("in/file")).exists();
    }
  }

  @Test
  @Tag("S1")
  void aStreamIsConfinedToItsDirectory() throws IOException {
    for (String links : new String[] {"BENEATH", "REFUSE", "IN_ROOT"}) {
      try (FileSystem safe = open(links);
          SecureDirectoryStream<Path> stream =
              (SecureDirectoryStream<Path>) Files.newDirectoryStream(safe.getPath("in/deep"))) {
        for (String way :
            new String[] {
              "../file", "up/file", "root/file", "out/secret", "../../../outside/secret"
            }) {
          Path path = safe.getPath(way);
          assertThatThrownBy(() -> stream.newByteChannel(path, Set.of(READ)).close())
              .as("%s %s", links, way)
              .isInstanceOf(PathEscapeException.class);
          assertThatThrownBy(() -> stream.newByteChannel(path, Set.of(WRITE)).close())
              .as("%s %s", links, way)
              .isInstanceOf(PathEscapeException.class);
          assertThatThrownBy(() -> stream.deleteFile(path))
              .as("%s %s", links, way)
              .isInstanceOf(PathEscapeException.class);
          assertThatThrownBy(() -> stream.move(path, stream, safe.getPath("x")))
              .as("%s %s", links, way)
              .isInstanceOf(PathEscapeException.class);
          assertThatThrownBy(() -> stream.move(safe.getPath("file"), stream, path))
              .as("%s %s", links, way)
              .isInstanceOf(PathEscapeException.class);
        }
        stream.newByteChannel(safe.getPath("file"), Set.of(READ)).close();
        stream.newByteChannel(safe.getPath(links), Set.of(WRITE, CREATE_NEW)).close();
      }
      assertThat(ground.host().resolve("in/deep").resolve(links)).exists();
    }
  }
}
