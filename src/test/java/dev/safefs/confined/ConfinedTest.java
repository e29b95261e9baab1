package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.JdkPaths;
import dev.safefs.PathEscapeException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system confined to a directory in which links lead everywhere. */
class ConfinedTest {
  private static final String[] WAYS_OUT = {
    "absolute/secret",
    "relative/secret",
    "secretlink",
    "../outside/secret",
    "in/../../outside/secret",
    "chain/secret"
  };

  @TempDir Path temporary;
  private Path host;
  private FileSystem safe;

  private interface Call {
    Object on(Path path) throws IOException;
  }

  @BeforeEach
  void plant() throws IOException {
    Path work = JdkPaths.of(temporary).toRealPath();
    host = Files.createDirectory(work.resolve("a-telling-name"));
    Path outside = Files.createDirectory(work.resolve("outside"));
    Files.writeString(outside.resolve("secret"), "secret");
    Files.createDirectory(host.resolve("in"));
    Files.writeString(host.resolve("in/file"), "file");
    link("absolute", outside.toString());
    link("relative", "../outside");
    link("secretlink", "../outside/secret");
    link("chain", "in/hop");
    link("in/hop", "../../outside");
    link("inner", "in/file");
    link("absoluteinner", "/in/file");
    safe = open(Map.of());
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(host.resolve(name), host.getFileSystem().getPath(target));
  }

  private FileSystem open(Map<String, ?> env) throws IOException {
    return FileSystems.newFileSystem(URI.create("safe://" + host.toUri().getRawPath()), env);
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
  }

  private static Map<String, Call> calls() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("read", Files::readAllBytes);
    calls.put("write", path -> Files.write(path, new byte[1]));
    calls.put("append", path -> Files.write(path, new byte[1], StandardOpenOption.APPEND));
    calls.put("attributes", path -> Files.readAttributes(path, PosixFileAttributes.class));
    calls.put("attribute map", path -> Files.readAttributes(path, "posix:*"));
    calls.put(
        "chmod",
        path -> Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx")));
    calls.put("times", path -> Files.setLastModifiedTime(path, FileTime.fromMillis(0)));
    calls.put("user attribute", path -> Files.setAttribute(path, "user:x", new byte[1]));
    calls.put("owner", Files::getOwner);
    calls.put("copy from", path -> Files.copy(path, path.getFileSystem().getPath("/taken")));
    calls.put("store", Files::getFileStore);
    calls.put("real path", Path::toRealPath);
    calls.put(
        "access",
        path -> {
          path.getFileSystem().provider().checkAccess(path);
          return "";
        });
    return calls;
  }

  @Test
  @Tag("R1")
  void noWayLeadsOut() {
    for (String way : WAYS_OUT) {
      calls()
          .forEach(
              (name, call) ->
                  assertThatThrownBy(() -> call.on(safe.getPath(way)))
                      .as("%s %s", name, way)
                      .isInstanceOf(PathEscapeException.class));
    }
    assertThat(temporary.resolve("outside/secret")).hasContent("secret");
  }

  @Test
  @Tag("R1")
  void noWayLeadsOutForNamesThatAreMade() {
    for (String folder : List.of("absolute", "relative", "..", "chain", "in/../..")) {
      Path name = safe.getPath(folder).resolve("new");
      Map<String, Call> makers =
          Map.of(
              "directory", Files::createDirectory,
              "file", Files::createFile,
              "link", path -> Files.createLink(path, safe.getPath("in/file")),
              "symbolic link", path -> Files.createSymbolicLink(path, safe.getPath("x")),
              "move", path -> Files.move(safe.getPath("in/file"), path),
              "copy", path -> Files.copy(safe.getPath("in/file"), path),
              "delete",
                  path -> {
                    Files.delete(path.resolveSibling("secret"));
                    return "";
                  },
              "list",
                  path -> {
                    Files.list(path.getParent()).close();
                    return "";
                  });
      makers.forEach(
          (what, call) ->
              assertThatThrownBy(() -> call.on(name))
                  .as("%s in %s", what, folder)
                  .isInstanceOf(PathEscapeException.class));
    }
    assertThat(safe.getPath("in/file")).exists();
    assertThat(temporary.resolve("outside"))
        .isDirectoryContaining("glob:**secret")
        .isDirectoryNotContaining("glob:**new");
  }

  @Test
  @Tag("R2")
  void linkPoliciesDecide() throws IOException {
    assertThat(Files.readString(safe.getPath("inner"))).isEqualTo("file");
    assertThatThrownBy(() -> Files.readString(safe.getPath("absoluteinner")))
        .isInstanceOf(PathEscapeException.class);
    safe.close();
    safe = open(Map.of("links", "IN_ROOT"));
    assertThat(Files.readString(safe.getPath("absoluteinner"))).isEqualTo("file");
    assertThat(Files.exists(safe.getPath("../../in/file"))).isTrue();
    assertThatThrownBy(() -> Files.readString(safe.getPath("relative/secret")))
        .isInstanceOf(IOException.class);
    safe.close();
    safe = open(Map.of("links", "REFUSE"));
    assertThatThrownBy(() -> Files.readString(safe.getPath("inner")))
        .isInstanceOf(PathEscapeException.class);
    assertThat(Files.readString(safe.getPath("in/file"))).isEqualTo("file");
    assertThat(Files.readSymbolicLink(safe.getPath("inner"))).hasToString("in/file");
  }

  @Test
  @Tag("R4")
  void noMessageShowsTheHostPath() throws IOException {
    for (String name :
        new String[] {
          "absent", "absolute/secret", "in", "in/file/x", "inner", "relative", "n".repeat(300)
        }) {
      calls()
          .forEach(
              (what, call) ->
                  assertThat(shown(call, safe.getPath(name)))
                      .as(what)
                      .doesNotContain("a-telling-name", host.toString()));
      Path path = safe.getPath(name);
      for (Call call :
          List.<Call>of(
              Files::createDirectory,
              Files::createFile,
              p -> Files.move(p, safe.getPath("in")),
              p -> Files.move(p, safe.getPath("in"), StandardCopyOption.ATOMIC_MOVE),
              p -> Files.copy(safe.getPath("in/file"), p),
              p -> Files.createLink(p, safe.getPath("in")),
              p -> Files.newDirectoryStream(p).toString(),
              p ->
                  p.register(safe.newWatchService(), StandardWatchEventKinds.ENTRY_CREATE)
                      .watchable(),
              Files::readSymbolicLink,
              Files::getFileStore,
              Path::toRealPath,
              p -> FileChannel.open(p, StandardOpenOption.READ, StandardOpenOption.WRITE),
              Files::deleteIfExists)) {
        assertThat(shown(call, path))
            .doesNotContain("a-telling-name")
            .doesNotContain(host.toString());
      }
    }
    for (Path entry : Files.newDirectoryStream(safe.getPath("/"))) {
      assertThat(entry.toString()).doesNotContain("a-telling-name");
    }
    safe.getFileStores()
        .forEach(
            store -> assertThat(store.toString() + store.name()).doesNotContain("a-telling-name"));
  }

  /** What a call shows: its value or, with causes and suppressed exceptions, its failure. */
  private static String shown(Call call, Path path) {
    try {
      return String.valueOf(call.on(path));
    } catch (IOException | RuntimeException e) {
      StringWriter text = new StringWriter();
      e.printStackTrace(new PrintWriter(text));
      return text.toString();
    }
  }

  @Test
  @Tag("R6")
  void specialFilesAreRefusedAtOnce() throws Exception {
    Path fifo = host.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    Path path = safe.getPath("fifo");
    Map<String, Call> opens = new LinkedHashMap<>(calls());
    opens.keySet().retainAll(List.of("read", "write", "append", "copy from"));
    opens.put(
        "channel", p -> FileChannel.open(p, StandardOpenOption.READ, StandardOpenOption.WRITE));
    opens.put("list", Files::list);
    opens.forEach(
        (name, call) ->
            Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(2),
                () ->
                    assertThatThrownBy(() -> call.on(path))
                        .as(name)
                        .isInstanceOf(FileSystemException.class)));
    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(2),
        () -> {
          assertThat(Files.readAttributes(path, PosixFileAttributes.class).isOther()).isTrue();
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
          Files.setLastModifiedTime(path, FileTime.fromMillis(0));
          Files.move(path, safe.getPath("moved"));
          Files.delete(safe.getPath("moved"));
        });
  }

  @Test
  void closingClosesWhatWasGivenOut() throws IOException {
    Path file = safe.getPath("in/file");
    FileChannel channel = FileChannel.open(file);
    FileChannel writer =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    DirectoryStream<Path> stream = Files.newDirectoryStream(safe.getPath("in"));
    assertThatThrownBy(safe::close)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not published");
    safe.close();
    assertThat(safe.isOpen()).isFalse();
    assertThatThrownBy(() -> Files.readString(file)).isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(channel::size).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(writer::size).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> stream.iterator().next())
        .isInstanceOfAny(
            ClosedDirectoryStreamException.class,
            IllegalStateException.class,
            NoSuchElementException.class);
    assertThat(host.resolve("in/file")).hasContent("file");
  }

  @Test
  void urisAreThoseOfZipfs() throws IOException {
    URI root = URI.create("safe://" + host.toUri().getRawPath().replaceAll("/$", ""));
    assertThat(FileSystems.getFileSystem(root)).isSameAs(safe);
    assertThatThrownBy(() -> FileSystems.newFileSystem(root, Map.of()))
        .isInstanceOf(FileSystemAlreadyExistsException.class);
    Path odd = safe.getPath("/in/a!b c%ü");
    assertThat(Path.of(odd.toUri())).isEqualTo(odd);
    assertThat(odd.toUri().toString()).startsWith(root + "!/in/");
    safe.close();
    assertThatThrownBy(() -> Path.of(odd.toUri())).isInstanceOf(FileSystemNotFoundException.class);
    assertThatThrownBy(() -> FileSystems.getFileSystem(root))
        .isInstanceOf(FileSystemNotFoundException.class);
    safe = FileSystems.newFileSystem(root, Map.of());
    assertThat(FileSystems.getFileSystem(root)).isSameAs(safe);
  }

  @Test
  @Tag("R1")
  void theRootMayBeRenamedWhileOpen() throws IOException {
    Path moved = host.resolveSibling("moved");
    Files.move(host, moved);
    Files.writeString(safe.getPath("in/new"), "new");
    assertThat(moved.resolve("in/new")).hasContent("new");
    assertThat(safe.getPath("in/new").toRealPath()).hasToString("/in/new");
    Files.move(moved, host);
  }

  @Test
  void namesThatAreNotUtf8SurviveARoundTrip() throws IOException {
    URI odd = URI.create(host.toUri() + "in/%FF%FEname");
    Files.writeString(host.getFileSystem().provider().getPath(odd), "odd");
    Path found = null;
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(safe.getPath("in"))) {
      for (Path path : stream) {
        found = path.getFileName().toString().endsWith("name") ? path : found;
      }
    }
    assertThat(Files.readString(found)).isEqualTo("odd");
    assertThat(Files.readString(Path.of(found.toUri()))).isEqualTo("odd");
    Files.move(found, found.resolveSibling("plain"));
    assertThat(host.resolve("in/plain")).hasContent("odd");
  }

  @Test
  @Tag("T3")
  void temporaryFilesArePrivate() throws IOException {
    Path directory = safe.getPath("/in");
    Path file = Files.createTempFile(directory, "a", "b");
    Path folder = Files.createTempDirectory(directory, "a");
    PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    assertThat(PosixFilePermissions.toString(view.readAttributes().permissions()))
        .isEqualTo("rw-------");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(Files.createFile(directory.resolve("plain")))))
        .isNotEqualTo("rw-------");
  }
}
