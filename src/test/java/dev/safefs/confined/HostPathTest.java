package dev.safefs.confined;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.PlayedProvider;
import dev.safefs.SafeAttributes;
import dev.safefs.SafeFileSystem;
import dev.safefs.SafeFiles;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
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
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
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

  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;

  /** One method, called on or with a path and another one. */
  private interface Call {
    Object on(Path path, Path other) throws Exception;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    restock();
    ground.link("absolute", ground.outside().toString());
    ground.link("relative", "../outside");
    ground.link("loop", "loop");
    Ground.run("mkfifo", ground.host().resolve("fifo").toString());
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
    if (!Files.isSymbolicLink(ground.host().resolve("inner"))) {
      Ground.remove(ground.host().resolve("inner"));
      ground.link("inner", "in/file");
    }
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
  }

  private static Map<String, Call> provider() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("getScheme", (p, o) -> of(p).getScheme());
    calls.put("installedProviders", (p, o) -> FileSystemProvider.installedProviders().size());
    calls.put(
        "newFileSystem",
        (p, o) -> {
          FileSystem nested = of(p).newFileSystem(p, Map.of());
          nested.close();
          return nested;
        });
    calls.put("newFileSystem by URI", (p, o) -> of(p).newFileSystem(p.toUri(), Map.of()));
    calls.put("getFileSystem", (p, o) -> of(p).getFileSystem(p.toUri()));
    calls.put("getPath", (p, o) -> of(p).getPath(p.toUri()));
    calls.put("newInputStream", (p, o) -> of(p).newInputStream(p));
    calls.put(
        "newInputStream and read",
        (p, o) -> {
          try (var in = of(p).newInputStream(p)) {
            return in.read();
          }
        });
    calls.put("newOutputStream", (p, o) -> of(p).newOutputStream(p));
    calls.put("newFileChannel", (p, o) -> of(p).newFileChannel(p, Set.of(READ, WRITE)));
    calls.put(
        "newFileChannel closed",
        (p, o) -> {
          FileChannel channel = of(p).newFileChannel(p, Set.of(READ));
          channel.close();
          return channel.size();
        });
    calls.put(
        "newAsynchronousFileChannel",
        (p, o) -> of(p).newAsynchronousFileChannel(p, Set.of(READ), null));
    calls.put(
        "newByteChannel",
        (p, o) -> of(p).newByteChannel(p, Set.of(WRITE, CREATE_NEW, DELETE_ON_CLOSE)));
    calls.put("newDirectoryStream", (p, o) -> of(p).newDirectoryStream(p, entry -> true));
    calls.put(
        "newDirectoryStream with a filter that fails",
        (p, o) ->
            of(p)
                .newDirectoryStream(
                    p,
                    entry -> {
                      throw new IOException(entry.toString());
                    }));
    calls.put(
        "createDirectory",
        (p, o) -> {
          of(p).createDirectory(p);
          return p;
        });
    calls.put(
        "createSymbolicLink",
        (p, o) -> {
          of(p).createSymbolicLink(p, o);
          return p;
        });
    calls.put(
        "createSymbolicLink replacing",
        (p, o) -> {
          of(p).createSymbolicLink(p, o, SafeAttributes.replaceExisting());
          return p;
        });
    calls.put(
        "createLink",
        (p, o) -> {
          of(p).createLink(p, o);
          return p;
        });
    calls.put(
        "createLink to it",
        (p, o) -> {
          of(p).createLink(o, p);
          return p;
        });
    calls.put("readSymbolicLink", (p, o) -> of(p).readSymbolicLink(p).getNameCount());
    calls.put(
        "delete",
        (p, o) -> {
          of(p).delete(p);
          return p;
        });
    calls.put("deleteIfExists", (p, o) -> of(p).deleteIfExists(p));
    for (CopyOption[] options :
        new CopyOption[][] {{}, {REPLACE}, {NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES}}) {
      calls.put(
          "copy" + Arrays.toString(options),
          (p, o) -> {
            of(p).copy(p, o, options);
            of(p).copy(o, p, options);
            return p;
          });
    }
    for (CopyOption[] options :
        new CopyOption[][] {{}, {REPLACE}, {StandardCopyOption.ATOMIC_MOVE}}) {
      calls.put(
          "move" + Arrays.toString(options),
          (p, o) -> {
            of(p).move(p, o, options);
            of(p).move(o, p, options);
            return p;
          });
    }
    calls.put("isSameFile", (p, o) -> of(p).isSameFile(p, o));
    calls.put("isHidden", (p, o) -> of(p).isHidden(p));
    calls.put("getFileStore", (p, o) -> of(p).getFileStore(p));
    calls.put(
        "checkAccess",
        (p, o) -> {
          of(p).checkAccess(p, AccessMode.READ, AccessMode.WRITE, AccessMode.EXECUTE);
          return p;
        });
    calls.put("exists", (p, o) -> Files.exists(p));
    calls.put(
        "getFileAttributeView",
        (p, o) -> of(p).getFileAttributeView(p, BasicFileAttributeView.class));
    calls.put("readAttributes", (p, o) -> of(p).readAttributes(p, PosixFileAttributes.class));
    calls.put(
        "readAttributesIfExists",
        (p, o) -> of(p).readAttributes(p, BasicFileAttributes.class, NOFOLLOW_LINKS));
    for (String attributes :
        new String[] {"*", "posix:*", "unix:*", "owner:*", "user:*", "dos:*", "no:*", "posix:no"}) {
      calls.put("readAttributes " + attributes, (p, o) -> of(p).readAttributes(p, attributes));
    }
    calls.put(
        "setAttribute",
        (p, o) -> {
          of(p).setAttribute(p, "lastModifiedTime", FileTime.fromMillis(0));
          of(p).setAttribute(p, "user:x", ByteBuffer.wrap(new byte[1]));
          of(p).setAttribute(p, "unix:mode", 0640);
          return p;
        });
    return calls;
  }

  private static Map<String, Call> views() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put(
        "basic",
        (p, o) -> {
          BasicFileAttributeView view = Files.getFileAttributeView(p, BasicFileAttributeView.class);
          view.setTimes(FileTime.fromMillis(0), null, null);
          return List.of(view, view.readAttributes());
        });
    calls.put(
        "posix",
        (p, o) -> {
          PosixFileAttributeView view =
              Files.getFileAttributeView(p, PosixFileAttributeView.class, NOFOLLOW_LINKS);
          view.setPermissions(PosixFilePermissions.fromString("rwx------"));
          view.setGroup(view.readAttributes().group());
          return List.of(view, view.readAttributes());
        });
    calls.put(
        "owner",
        (p, o) -> {
          FileOwnerAttributeView view = Files.getFileAttributeView(p, FileOwnerAttributeView.class);
          view.setOwner(view.getOwner());
          return List.of(view, view.getOwner());
        });
    calls.put(
        "user",
        (p, o) -> {
          UserDefinedFileAttributeView view =
              Files.getFileAttributeView(p, UserDefinedFileAttributeView.class);
          view.write("x", ByteBuffer.allocate(3));
          view.read("x", ByteBuffer.allocate(view.size("x")));
          view.delete("x");
          return List.of(view, view.list());
        });
    calls.put(
        "user, absent name",
        (p, o) -> Files.getFileAttributeView(p, UserDefinedFileAttributeView.class).size("absent"));
    calls.put(
        "user, bad name",
        (p, o) ->
            Files.getFileAttributeView(p, UserDefinedFileAttributeView.class)
                .write("n".repeat(300), ByteBuffer.allocate(1)));
    calls.put(
        "dos",
        (p, o) -> {
          DosFileAttributeView view = Files.getFileAttributeView(p, DosFileAttributeView.class);
          view.setHidden(true);
          return List.of(view, view.readAttributes());
        });
    return calls;
  }

  private static Map<String, Call> paths() {
    Map<String, Call> calls = new LinkedHashMap<>();
    calls.put("toRealPath", (p, o) -> List.of(p.toRealPath(), p.toRealPath(NOFOLLOW_LINKS)));
    calls.put("toFile", (p, o) -> p.toFile());
    calls.put(
        "register",
        (p, o) -> {
          try (WatchService service = p.getFileSystem().newWatchService()) {
            return p.register(service, StandardWatchEventKinds.ENTRY_CREATE);
          }
        });
    calls.put(
        "register with a foreign service",
        (p, o) -> {
          try (WatchService service =
              p.getFileSystem()
                  .provider()
                  .getFileSystem(URI.create("safe:///"))
                  .newWatchService()) {
            return p.register(service, StandardWatchEventKinds.ENTRY_CREATE);
          }
        });
    for (Method method : Path.class.getMethods()) {
      if (!Modifier.isStatic(method.getModifiers()) && !calls.containsKey(method.getName())) {
        calls.put(method.toString(), (p, o) -> invoke(method, p, o));
      }
    }
    return calls;
  }

  private static Object invoke(Method method, Path path, Path other) throws Exception {
    Class<?>[] types = method.getParameterTypes();
    Object[] arguments =
        types.length == 0
            ? NO_ARGUMENTS
            : Arrays.stream(types)
                .map(
                    type ->
                        type == int.class
                            ? (Object) 0
                            : type.isArray() ? null : type == String.class ? "x" : other)
                .toArray();
    Object value = method.invoke(path, arguments);
    return value instanceof URI ? path : value;
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
    calls.put(
        "pending",
        (p, o) -> {
          try (var pending = SafeFiles.pending(p)) {
            pending.channel().write(ByteBuffer.allocate(1));
            pending.commit();
            return pending;
          }
        });
    calls.put(
        "exchange",
        (p, o) -> {
          SafeFiles.exchange(p, o);
          SafeFiles.exchange(o, p);
          return p;
        });
    calls.put(
        "replaceSymbolicLink",
        (p, o) -> {
          SafeFiles.replaceSymbolicLink(p, o);
          return p;
        });
    return calls;
  }

  private static FileSystemProvider of(Path path) {
    return path.getFileSystem().provider();
  }

  private static Map<String, Call> all() {
    Map<String, Call> all = new LinkedHashMap<>();
    provider().forEach((name, call) -> all.put("provider " + name, call));
    views().forEach((name, call) -> all.put("view " + name, call));
    paths().forEach((name, call) -> all.put("path " + name, call));
    streams().forEach((name, call) -> all.put("stream " + name, call));
    extras().forEach(all::put);
    return all;
  }

  private void assertHidden(String what, String shown) {
    assertThat(isTelling(shown)).as("%s: %s", what, shown).isFalse();
  }

  private boolean isTelling(String shown) {
    String text = shown.replace(ground.rootUri(), "ROOT-URI");
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
      Files.deleteIfExists(ground.host().resolve("in/other"));
      if (!Files.isDirectory(ground.host().resolve("absent"), NOFOLLOW_LINKS)) {
        Files.deleteIfExists(ground.host().resolve("absent"));
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
    calls.removeAll(Set.of("close", "geteuid", "getegid"));
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
    assertThat(names(provider())).containsAll(names(FileSystemProvider.class));
    assertThat(names(streams())).containsAll(names(SecureDirectoryStream.class));
  }

  private static Set<String> names(Map<String, Call> calls) {
    return calls.keySet().stream().map(name -> name.split("[ \\[]")[0]).collect(Collectors.toSet());
  }

  private static Set<String> names(Class<?> type) {
    return Arrays.stream(type.getMethods())
        .filter(
            method ->
                method.getDeclaringClass() != Object.class
                    && method.getDeclaringClass() != Iterable.class)
        .map(Method::getName)
        .collect(Collectors.toSet());
  }
}
