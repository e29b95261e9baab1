package dev.safefs.confined;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFiles;
import dev.safefs.kernel.Kernel;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
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
  private final Kernel kernel;

  @TempDir Path temporary;
  private Ground ground;

  PolicyTest(Kernel kernel) {
    this.kernel = kernel;
  }

  private interface Call {
    Object on(Path path) throws Exception;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    ground.directory("in");
    ground.directory("in/deep");
    ground.directory("other");
    ground.link("outabsolute", ground.outside().toString());
    ground.link("outrelative", "../outside");
    ground.link("inabsolute", "/in");
    ground.link("inrelative", "in");
    ground.link("in/deep/up", "../../other");
    ground.link("in/deep/root", "/other");
    ground.link("in/deep/out", "../../../outside");
  }

  private FileSystem open(String links) throws IOException {
    return PlayedProvider.over(kernel::over).newFileSystem(ground.host(), Map.of("links", links));
  }

  /** Every operation on a path, with the other path of those that have two in a harmless place. */
  private static Map<String, Call> operations() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("read", path -> Files.readString(path.resolve("file")));
    calls.put("write", path -> Files.writeString(path.resolve("file"), "x"));
    calls.put("create", path -> Files.createFile(path.resolve("new")));
    calls.put("create directory", path -> Files.createDirectory(path.resolve("new")));
    calls.put("create directories", path -> Files.createDirectories(path.resolve("new/er")));
    calls.put(
        "symbolic link",
        path -> Files.createSymbolicLink(path.resolve("new"), path.getFileSystem().getPath("x")));
    calls.put("link", path -> Files.createLink(path.resolve("new"), spare(path)));
    calls.put("link to", path -> Files.createLink(fresh(path), path.resolve("file")));
    calls.put("move", path -> Files.move(path.resolve("file"), fresh(path)));
    calls.put("move to", path -> Files.move(spare(path), path.resolve("new")));
    calls.put(
        "move over",
        path -> Files.move(spare(path), path.resolve("file"), StandardCopyOption.REPLACE_EXISTING));
    calls.put("copy", path -> Files.copy(path.resolve("file"), fresh(path)));
    calls.put("copy to", path -> Files.copy(spare(path), path.resolve("new")));
    calls.put(
        "copy over",
        path -> Files.copy(spare(path), path.resolve("file"), StandardCopyOption.REPLACE_EXISTING));
    calls.put(
        "exchange",
        path -> {
          SafeFiles.exchange(path.resolve("file"), spare(path));
          return "";
        });
    calls.put(
        "exchange with",
        path -> {
          SafeFiles.exchange(spare(path), path.resolve("file"));
          return "";
        });
    calls.put("delete", path -> Files.deleteIfExists(path.resolve("file")));
    calls.put(
        "list",
        path -> {
          try (var entries = Files.list(path)) {
            return entries.count();
          }
        });
    calls.put(
        "attributes",
        path -> Files.readAttributes(path.resolve("file"), PosixFileAttributes.class));
    calls.put(
        "attribute map",
        path -> Files.readAttributes(path.resolve("file"), "unix:*", LinkOption.NOFOLLOW_LINKS));
    calls.put(
        "permissions",
        path ->
            Files.setPosixFilePermissions(
                path.resolve("file"), PosixFilePermissions.fromString("rw-r-----")));
    calls.put(
        "times", path -> Files.setLastModifiedTime(path.resolve("file"), FileTime.fromMillis(0)));
    calls.put(
        "user attribute", path -> Files.setAttribute(path.resolve("file"), "user:x", new byte[1]));
    calls.put(
        "owner",
        path -> Files.setOwner(path.resolve("file"), Files.getOwner(path.resolve("file"))));
    calls.put(
        "watch",
        path -> {
          try (var service = path.getFileSystem().newWatchService()) {
            return path.register(service, StandardWatchEventKinds.ENTRY_CREATE).isValid();
          }
        });
    calls.put("store", path -> Files.getFileStore(path.resolve("file")).getTotalSpace());
    calls.put("real path", path -> path.resolve("file").toRealPath());
    calls.put("same", path -> Files.isSameFile(path.resolve("file"), spare(path)));
    calls.put("same as", path -> Files.isSameFile(spare(path), path.resolve("file")));
    calls.put(
        "access",
        path -> {
          path.getFileSystem().provider().checkAccess(path.resolve("file"));
          return "";
        });
    calls.put(
        "file system",
        path -> {
          path.getFileSystem().provider().newFileSystem(path, Map.of("links", "BENEATH")).close();
          return "";
        });
    return calls;
  }

  private static Path spare(Path path) throws IOException {
    Path spare = path.getFileSystem().getPath("/spare");
    if (Files.notExists(spare)) {
      Files.createFile(spare);
    }
    return spare;
  }

  private static Path fresh(Path path) throws IOException {
    Path fresh = path.getFileSystem().getPath("/fresh");
    Files.deleteIfExists(fresh);
    return fresh;
  }

  private void refused(FileSystem safe, String... ways) throws IOException {
    String before = ground.outsideState();
    for (String way : ways) {
      operations()
          .forEach(
              (what, call) -> {
                if (!(what.equals("file system"))) {
                  assertThatThrownBy(() -> call.on(safe.getPath(way)))
                      .as("%s %s", what, way)
                      .isInstanceOf(PathEscapeException.class);
                }
              });
    }
    assertThat(ground.outsideState()).isEqualTo(before);
  }

  private void done(FileSystem safe, String... ways) throws Exception {
    for (String way : ways) {
      for (Map.Entry<String, Call> operation : operations().entrySet()) {
        if (!operation.getKey().equals("file system")
            && !operation.getKey().startsWith("exchange")) {
          try {
            operation.getValue().on(safe.getPath(way));
          } catch (IOException e) {
            throw new AssertionError(operation.getKey() + " " + way, e);
          }
          Ground.remove(ground.host().resolve("in/new"));
          ground.directory("in");
        }
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
        operations()
            .forEach(
                (what, call) -> {
                  // A missing file to delete is no failure, and missing directories are created.
                  if (!what.equals("delete") && !what.equals("create directories")) {
                    assertThatThrownBy(() -> call.on(safe.getPath(way)))
                        .as("%s %s", what, way)
                        .isInstanceOf(Exception.class);
                  }
                });
      }
    }
    assertThat(ground.outsideState()).isEqualTo(before);
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
