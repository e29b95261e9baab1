package dev.safefs.confined;

import static dev.safefs.confined.HostPathTest.of;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safefs.SafeAttributes;
import dev.safefs.confined.HostPathTest.Call;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Each public method of a provider, of views and of paths, to be called on a path. */
final class HostPathCalls {
  private static final CopyOption REPLACE = StandardCopyOption.REPLACE_EXISTING;
  private static final Object[] NO_ARGUMENTS = {};

  private HostPathCalls() {}

  static Map<String, Call> provider() {
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

  static Map<String, Call> views() {
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

  static Map<String, Call> paths() {
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
}
