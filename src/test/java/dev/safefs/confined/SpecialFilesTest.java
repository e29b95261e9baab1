package dev.safefs.confined;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.DSYNC;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PlayedProvider;
import dev.safefs.Requirement;
import dev.safefs.SafeOpenOption;
import dev.safefs.kernel.Kernel;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AccessMode;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Opens everything that is no regular file, in every way: no hang, no side effect. */
@Tag("R6")
class SpecialFilesTest {
  private static final Duration WATCHDOG = Duration.ofSeconds(2);
  private static final OpenOption[] OPTIONS = {
    READ,
    WRITE,
    APPEND,
    TRUNCATE_EXISTING,
    CREATE,
    CREATE_NEW,
    SPARSE,
    SYNC,
    DSYNC,
    LinkOption.NOFOLLOW_LINKS,
    SafeOpenOption.IN_PLACE,
    SafeOpenOption.PUBLISH_ON_CLOSE
  };
  private static final PosixFileAttributes NONE = null;

  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;
  private ServerSocketChannel socket;

  private interface Call {
    Object on(Path path) throws Exception;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    ground.directory("directory");
    ground.link("link", "fifo");
    ground.link("directory link", "directory");
    Ground.run("mkfifo", ground.host().resolve("fifo").toString());
    Ground.run("mkfifo", ground.host().resolve("directory/fifo").toString());
    socket =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
            .bind(UnixDomainSocketAddress.of(ground.host().resolve("socket")));
    safe = ground.open(Map.of());
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
    socket.close();
  }

  /** One in five; {@code -Dsafefs.options.step=1} takes all 4,096. */
  private static final int STEP = Integer.getInteger("safefs.options.step", 5);

  private static List<Set<OpenOption>> optionSets() {
    List<Set<OpenOption>> sets = new ArrayList<>();
    for (int bits = 0; bits < 1 << OPTIONS.length; bits += STEP) {
      Set<OpenOption> set = new HashSet<>();
      for (int i = 0; i < OPTIONS.length; i++) {
        if ((bits & 1 << i) != 0) {
          set.add(OPTIONS[i]);
        }
      }
      sets.add(set);
    }
    return sets;
  }

  /**
   * Each set of options: refused, or refused as a set; a link or directory may be opened as the JDK
   * does.
   */
  @ParameterizedTest
  @ValueSource(strings = {"fifo", "link", "socket", "directory", "directory link"})
  void noSetOfOptionsHangs(String name) {
    Path path = safe.getPath(name);
    for (Set<OpenOption> options : optionSets()) {
      Assertions.assertTimeoutPreemptively(
          WATCHDOG,
          () -> {
            try {
              FileChannel.open(path, options).close();
              assertThat(name).as("%s opened with %s", name, options).contains("dir");
            } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
              assertThat(e).isNotNull();
            }
          },
          () -> name + " " + options);
    }
    assertThat(Files.exists(path, LinkOption.NOFOLLOW_LINKS)).isTrue();
  }

  private static Map<String, Call> opens() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("input stream", Files::newInputStream);
    calls.put("output stream", Files::newOutputStream);
    calls.put(
        "asynchronous",
        path ->
            path.getFileSystem().provider().newAsynchronousFileChannel(path, Set.of(READ), null));
    calls.put(
        "asynchronous write",
        path ->
            path.getFileSystem().provider().newAsynchronousFileChannel(path, Set.of(WRITE), null));
    calls.put("delete on close", path -> FileChannel.open(path, READ, DELETE_ON_CLOSE));
    calls.put("list", Files::newDirectoryStream);
    calls.put("copy", path -> Files.copy(path, path.resolveSibling("copy")));
    calls.put(
        "copy over",
        path -> Files.copy(path, path.resolveSibling("copy"), StandardCopyOption.REPLACE_EXISTING));
    calls.put(
        "copy itself",
        path -> Files.copy(path, path.resolveSibling("copy"), LinkOption.NOFOLLOW_LINKS));
    calls.put(
        "watch",
        path -> {
          try (var service = path.getFileSystem().newWatchService()) {
            return path.register(service, StandardWatchEventKinds.ENTRY_CREATE);
          }
        });
    calls.put("file system", path -> path.getFileSystem().provider().newFileSystem(path, Map.of()));
    return calls;
  }

  private static Map<String, Call> attributes() {
    Map<String, Call> calls = new LinkedHashMap<>();
    for (LinkOption[] links : new LinkOption[][] {{}, {LinkOption.NOFOLLOW_LINKS}}) {
      String how = links.length + " ";
      for (String attributes :
          new String[] {"*", "posix:*", "unix:*", "owner:*", "dos:*", "user:*"}) {
        calls.put(how + attributes, path -> Files.readAttributes(path, attributes, links));
      }
      calls.put(
          how + "times",
          path -> Files.setAttribute(path, "lastModifiedTime", FileTime.fromMillis(0), links));
      calls.put(
          how + "posix",
          path -> {
            PosixFileAttributeView view =
                Files.getFileAttributeView(path, PosixFileAttributeView.class, links);
            view.setPermissions(PosixFilePermissions.fromString("rwx------"));
            view.setOwner(view.getOwner());
            view.setTimes(FileTime.fromMillis(1), FileTime.fromMillis(2), null);
            return NONE;
          });
      calls.put(
          how + "user",
          path -> {
            UserDefinedFileAttributeView view =
                Files.getFileAttributeView(path, UserDefinedFileAttributeView.class, links);
            view.list();
            return view.write("x", ByteBuffer.allocate(1));
          });
      calls.put(
          how + "dos",
          path -> {
            DosFileAttributeView view =
                Files.getFileAttributeView(path, DosFileAttributeView.class, links);
            view.setHidden(true);
            return view.readAttributes();
          });
      calls.put(how + "exists", path -> Files.exists(path, links));
      calls.put(how + "real path", path -> path.toRealPath(links));
    }
    calls.put(
        "access",
        path -> {
          path.getFileSystem()
              .provider()
              .checkAccess(path, AccessMode.READ, AccessMode.WRITE, AccessMode.EXECUTE);
          return NONE;
        });
    calls.put("store", path -> Files.getFileStore(path).getTotalSpace());
    calls.put("same file", path -> Files.isSameFile(path, path.resolveSibling("directory")));
    return calls;
  }

  private static void watch(String what, Call call, Path path) {
    Assertions.assertTimeoutPreemptively(
        WATCHDOG,
        () -> {
          try {
            Object value = call.on(path);
            if (value instanceof AutoCloseable resource) {
              resource.close();
            }
          } catch (IOException | UnsupportedOperationException | ClassCastException e) {
            assertThat(e).isNotNull();
          }
        },
        () -> what + " " + path);
  }

  private void watchAll(FileSystem fileSystem, String... names) {
    for (String name : names) {
      Path path = fileSystem.getPath(name);
      opens().forEach((what, call) -> watch(what, call, path));
      attributes().forEach((what, call) -> watch(what, call, path));
    }
  }

  @Test
  void noOtherOpenAndNoAttributeCallHangs() {
    watchAll(safe, "fifo", "link", "socket", "directory", "directory link");
    for (String name : new String[] {"fifo", "link", "socket"}) {
      for (String open :
          new String[] {"input stream", "output stream", "asynchronous", "asynchronous write"}) {
        assertThatThrownBy(() -> opens().get(open).on(safe.getPath(name)))
            .as("%s of %s", open, name)
            .isInstanceOf(FileSystemException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"OLD", "PROC_MISSING", "FCHMODAT2_FORBIDDEN"})
  void nothingHangsOnPoorKernels(Kernel kernel) throws IOException {
    try (FileSystem played =
        PlayedProvider.over(kernel::over).newFileSystem(ground.host(), Map.of())) {
      watchAll(played, "fifo", "link", "socket");
    }
  }

  @Test
  void noCallOfADirectoryStreamHangs() throws IOException {
    Path fifo = safe.getPath("fifo");
    Map<String, Call> calls = new LinkedHashMap<>();
    try (SecureDirectoryStream<Path> stream =
        (SecureDirectoryStream<Path>) Files.newDirectoryStream(safe.getPath("directory"))) {
      calls.put("channel", path -> stream.newByteChannel(path, Set.of(READ)));
      calls.put(
          "write", path -> stream.newByteChannel(path, Set.of(WRITE, LinkOption.NOFOLLOW_LINKS)));
      calls.put("stream", stream::newDirectoryStream);
      calls.put(
          "stream itself", path -> stream.newDirectoryStream(path, LinkOption.NOFOLLOW_LINKS));
      calls.put(
          "times",
          path -> {
            stream
                .getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(FileTime.fromMillis(0), null, null);
            return NONE;
          });
      calls.put(
          "permissions",
          path -> {
            stream
                .getFileAttributeView(path, PosixFileAttributeView.class)
                .setPermissions(PosixFilePermissions.fromString("rw-------"));
            return NONE;
          });
      calls.put(
          "user",
          path -> stream.getFileAttributeView(path, UserDefinedFileAttributeView.class).list());
      calls.forEach((what, call) -> watch(what, call, fifo.getFileName()));
      calls.forEach((what, call) -> watch(what, call, fifo.toAbsolutePath()));
    }
  }

  /** A driver whose open would fail with ENXIO tells whether it was opened at all. */
  @Test
  @Tag("root")
  void noDeviceIsOpened() throws Exception {
    Requirement.present(Ground.isRoot(), "root");
    Ground.run("mknod", ground.host().resolve("character").toString(), "c", "240", "77");
    Ground.run("mknod", ground.host().resolve("block").toString(), "b", "240", "77");
    Ground.run("mknod", ground.host().resolve("null").toString(), "c", "1", "3");
    watchAll(safe, "character", "block", "null");
    for (String name : new String[] {"character", "block", "null"}) {
      for (String open : new String[] {"input stream", "output stream", "asynchronous"}) {
        assertThatThrownBy(() -> opens().get(open).on(safe.getPath(name)))
            .as("%s of %s", open, name)
            .isInstanceOf(FileSystemException.class)
            .hasMessageNotContaining("No such device");
      }
      assertThat(Files.readAttributes(safe.getPath(name), PosixFileAttributes.class).isOther())
          .isTrue();
    }
    try (FileSystem allowing =
        safe.provider().newFileSystem(ground.host(), Map.of("specialFiles", "ALLOW"))) {
      assertThatThrownBy(() -> Files.newOutputStream(allowing.getPath("character")).close())
          .as("control")
          .hasMessageContaining("No such device");
      assertThat(Files.readAllBytes(allowing.getPath("null"))).isEmpty();
      Files.write(allowing.getPath("null"), new byte[3]);
    }
  }

  @Test
  void aSocketAndItsServerAreUnharmed() throws IOException {
    watchAll(safe, "socket");
    assertThat(socket.isOpen()).isTrue();
    assertThat(Files.readAttributes(safe.getPath("socket"), PosixFileAttributes.class).isOther())
        .isTrue();
  }
}
