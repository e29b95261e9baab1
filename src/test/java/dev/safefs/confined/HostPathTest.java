package dev.safefs.confined;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.AnonymousFile;
import dev.safefs.FileBatch;
import dev.safefs.InMemory;
import dev.safefs.PendingFile;
import dev.safefs.PinnedFile;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFileSystem;
import dev.safefs.SafeFiles;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.CopyOption;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Walks every public method and looks for the host path of the root in what it shows. */
@Tag("R4")
class HostPathTest {
  private static final CopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;
  private static final String[] NAMES = {
    "absent",
    "in",
    "in/file",
    "in/file/x",
    "inner",
    "absolute/secret",
    "relative",
    "loop",
    "fifo",
    "empty",
    "",
    "..",
    "/",
    "n".repeat(300)
  };
  private static final Object[] NO_ARGUMENTS = {};

  /** Calls by the ten thousand are synced here. */
  @TempDir(factory = InMemory.class)
  Path temporary;

  private Ground ground;
  private FileSystem safe;
  private String rootUri;

  /** One method, called on or with a path and another one. */
  interface Call {
    Object on(Path path, Path other) throws Exception;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    rootUri = ground.rootUri();
    restock();
    safe = ground.open(Map.of());
  }

  private void restock() throws IOException {
    Path in = ground.host().resolve("in");
    if (!Files.isRegularFile(in.resolve("file"), NOFOLLOW_LINKS)) {
      Ground.remove(in);
      ground.directory("in");
    }
    if (!Files.isDirectory(ground.host().resolve("empty"), NOFOLLOW_LINKS)) {
      Ground.remove(ground.host().resolve("empty"));
      Files.createDirectory(ground.host().resolve("empty"));
    }
    relink("absolute", ground.outside().toString());
    relink("relative", "../outside");
    relink("loop", "loop");
    if (!Files.exists(ground.host().resolve("fifo"), NOFOLLOW_LINKS)) {
      Ground.run("mkfifo", ground.host().resolve("fifo").toString());
    }
    relink("inner", "in/file");
  }

  private void relink(String name, String target) throws IOException {
    Path link = ground.host().resolve(name);
    if (!Files.isSymbolicLink(link) || !Files.readSymbolicLink(link).toString().equals(target)) {
      Ground.remove(link);
      ground.link(name, target);
    }
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
  }

  private static Map<String, Call> streams() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("newDirectoryStream", (p, o) -> in(p, stream -> stream.newDirectoryStream(p)));
    calls.put("newByteChannel", (p, o) -> in(p, stream -> stream.newByteChannel(p, Set.of(READ))));
    calls.put(
        "deleteFile",
        (p, o) ->
            in(
                p,
                stream -> {
                  stream.deleteFile(p);
                  return p;
                }));
    calls.put(
        "deleteDirectory",
        (p, o) ->
            in(
                p,
                stream -> {
                  stream.deleteDirectory(p);
                  return p;
                }));
    calls.put(
        "move",
        (p, o) ->
            in(
                p,
                stream -> {
                  stream.move(p, stream, o);
                  return p;
                }));
    calls.put(
        "getFileAttributeView",
        (p, o) ->
            in(
                p,
                stream ->
                    stream.getFileAttributeView(p, PosixFileAttributeView.class).readAttributes()));
    calls.put(
        "getFileAttributeView of itself",
        (p, o) ->
            in(
                p,
                stream ->
                    stream.getFileAttributeView(PosixFileAttributeView.class).readAttributes()));
    calls.put("iterator", (p, o) -> in(p, stream -> stream.iterator().next()));
    calls.put(
        "close",
        (p, o) ->
            in(
                p,
                stream -> {
                  stream.close();
                  return stream.newByteChannel(p, Set.of(READ));
                }));
    return calls;
  }

  private interface InStream {
    Object on(SecureDirectoryStream<Path> stream) throws Exception;
  }

  private static Object in(Path path, InStream call) throws Exception {
    Path directory = path.getFileSystem().getPath("/in");
    try (SecureDirectoryStream<Path> stream =
        (SecureDirectoryStream<Path>) Files.newDirectoryStream(directory)) {
      return call.on(stream);
    }
  }

  private static Map<String, Call> extras() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("guarantees", (p, o) -> ((SafeFileSystem) p.getFileSystem()).guarantees(p));
    return calls;
  }

  static FileSystemProvider of(Path path) {
    return path.getFileSystem().provider();
  }

  private static Map<String, Call> all() {
    Map<String, Call> all = new LinkedHashMap<>();
    HostPathCalls.provider().forEach((name, call) -> all.put("provider " + name, call));
    HostPathCalls.views().forEach((name, call) -> all.put("view " + name, call));
    HostPathCalls.paths().forEach((name, call) -> all.put("path " + name, call));
    streams().forEach((name, call) -> all.put("stream " + name, call));
    HostPathVerbs.verbs().forEach((name, call) -> all.put("verb " + name, call));
    HostPathVerbs.pinned().forEach((name, call) -> all.put("pinned " + name, call));
    HostPathVerbs.unpublished().forEach((name, call) -> all.put("unpublished " + name, call));
    extras().forEach(all::put);
    return all;
  }

  private void assertHidden(String what, String shown) {
    assertThat(isTelling(shown)).as("%s: %s", what, shown).isFalse();
  }

  private boolean isTelling(String shown) {
    String text = shown.replace(rootUri, "ROOT-URI");
    return text.contains(Ground.TELLING)
        || text.contains("/proc/self/fd")
        || text.contains(ground.host().getParent().toString());
  }

  /** A link to the outside shows where it points, because that is its content. */
  private static boolean isContent(String call, String name) {
    return call.contains("readSymbolicLink") && name.equals("absolute");
  }

  private void walk(FileSystem fileSystem, String... names) {
    List<String> leaks = new ArrayList<>();
    all()
        .forEach(
            (what, call) -> {
              for (String name : names) {
                for (String other : new String[] {"in/other", "in/file", "absolute/x"}) {
                  Path path = fileSystem.getPath(name);
                  String shown = Shown.by(() -> call.on(path, fileSystem.getPath(other)));
                  if (!isContent(what, name) && isTelling(shown)) {
                    leaks.add(what + " " + name + " " + other + ": " + shown);
                  }
                  tidy();
                }
              }
            });
    assertThat(leaks).isEmpty();
  }

  private void tidy() {
    try {
      for (String made : new String[] {"in/other", "in/batched", "absent"}) {
        if (Files.exists(ground.host().resolve(made), NOFOLLOW_LINKS)) {
          Ground.remove(ground.host().resolve(made));
        }
      }
      restock();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noMethodShowsIt() {
    walk(safe, NAMES);
  }

  @Test
  void noMethodOfAClosedFileSystemShowsIt() throws IOException {
    safe.close();
    walk(safe, "in/file", "in", "absent");
  }

  @Test
  void noFailingSystemCallShowsIt() throws IOException {
    Set<String> calls =
        Arrays.stream(Syscalls.class.getMethods())
            .map(Method::getName)
            .collect(Collectors.toCollection(TreeSet::new));
    calls.removeAll(Set.of("close", "geteuid"));
    for (String call : calls) {
      for (int nth : new int[] {2, 3}) {
        FileSystemProvider failing =
            PlayedProvider.over(
                real -> FaultingSyscalls.forever(real, nth, Errno.EIO, call).syscalls());
        try (FileSystem fileSystem = failing.newFileSystem(ground.host(), Map.of())) {
          walk(fileSystem, "in/file");
        } catch (IOException e) {
          // The root could not be opened.
          assertThat(call).isIn("openat", "fcntl", "statx");
        }
      }
    }
  }

  @Test
  void storesAndWatchKeysShowNothing() throws Exception {
    for (FileStore store : safe.getFileStores()) {
      assertHidden("store", Shown.by(() -> List.of(store, store.toString())));
      for (String attribute : new String[] {"totalSpace", "usableSpace", "no", "no:thing"}) {
        assertHidden(attribute, Shown.by(() -> store.getAttribute(attribute)));
      }
      for (Method method : FileStore.class.getMethods()) {
        if (method.getParameterCount() == 0 && method.getDeclaringClass() == FileStore.class) {
          assertHidden(method.getName(), Shown.by(() -> method.invoke(store)));
        }
      }
    }
    try (WatchService service = safe.newWatchService()) {
      assertHidden("service", service.toString());
      safe.getPath("in").register(service, StandardWatchEventKinds.ENTRY_CREATE);
      Files.createFile(safe.getPath("in/new"));
      WatchKey key = service.poll(30, TimeUnit.SECONDS);
      assertThat(key).isNotNull();
      assertHidden("key", Shown.by(() -> key));
      assertThat(key.watchable()).isEqualTo(safe.getPath("in"));
    }
    for (Method method : FileSystem.class.getMethods()) {
      if (method.getParameterCount() == 0
          && method.getDeclaringClass() == FileSystem.class
          && !method.getName().equals("close")) {
        assertHidden(method.getName(), Shown.by(() -> method.invoke(safe)));
      }
    }
  }

  @Test
  void everyMethodOfTheInterfacesIsWalked() {
    assertThat(names(HostPathCalls.provider())).containsAll(names(FileSystemProvider.class));
    assertThat(names(streams())).containsAll(names(SecureDirectoryStream.class));
    assertThat(names(HostPathVerbs.verbs())).containsAll(names(SafeFiles.class));
    assertThat(names(HostPathVerbs.pinned())).containsAll(names(PinnedFile.class));
    assertThat(names(HostPathVerbs.unpublished()))
        .containsAll(names(PendingFile.class))
        .containsAll(names(FileBatch.class))
        .containsAll(names(AnonymousFile.class));
  }

  private static Set<String> names(Map<String, Call> calls) {
    return calls.keySet().stream().map(name -> name.split("[ \\[]")[0]).collect(Collectors.toSet());
  }

  private static Set<String> names(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(
            method ->
                method.getDeclaringClass() != Object.class
                    && !method.getName().equals("toString")
                    && method.getDeclaringClass() != Iterable.class)
        .map(Method::getName)
        .collect(Collectors.toSet());
  }
}
