package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFiles;
import dev.safefs.kernel.Kernel;
import dev.safefs.sys.Abi;
import dev.safefs.sys.SyscallsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An attacker in its own process swaps a directory with a symbolic link to another one, outside of
 * the root, while an operation goes on through that directory. Nothing outside may be read or
 * changed. The control does the same on the JDK's provider, after the usual check with {@code
 * toRealPath().startsWith(root)}.
 */
@Tag("race")
@Tag("R1")
class ConfinedSwapRaceTest {
  private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
  private static final byte[] NOTHING = {};
  private static final long NANOSECONDS =
      Long.getLong("safefs.race.milliseconds", 600) * 1_000_000 / 6;
  private static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir(factory = InMemory.class)
  static Path work;

  private static Path inside;
  private static Path outside;

  /** The directory itself, whatever its name is now. */
  private static Path real;

  private static Exchanger attacker;

  /**
   * What a program does to a file in the swapped directory. It returns what it has read, if
   * anything.
   */
  enum Operation {
    READ(path -> Files.readAllBytes(path)),
    READ_ATTRIBUTES(path -> Files.size(path) == SECRET.length ? SECRET : NOTHING),
    READ_LINK(
        path ->
            Files.readSymbolicLink(path.resolveSibling("l")).endsWith("outer") ? SECRET : NOTHING),
    WRITE(path -> none(Files.write(path, new byte[] {'w'}))),
    WRITE_IN_PLACE(path -> none(Files.write(path, new byte[] {'w'}, StandardOpenOption.WRITE))),
    APPEND(path -> none(Files.write(path, new byte[] {'w'}, StandardOpenOption.APPEND))),
    PENDING(
        path -> {
          SafeFiles.write(path, out -> out.write('w'));
          return NOTHING;
        }),
    CREATE(path -> none(Files.createFile(path.resolveSibling("created")))),
    CREATE_DIRECTORY(path -> none(Files.createDirectory(path.resolveSibling("created")))),
    CREATE_DIRECTORIES(
        path -> none(Files.createDirectories(path.resolveSibling("made").resolve("created")))),
    CREATE_LINK(path -> none(Files.createLink(path.resolveSibling("created"), path))),
    CREATE_LINK_OUT(path -> Files.readAllBytes(Files.createLink(free(top(path, "taken")), path))),
    CREATE_SYMBOLIC_LINK(
        path -> none(Files.createSymbolicLink(path.resolveSibling("created"), path.getFileName()))),
    REPLACE_SYMBOLIC_LINK(
        path -> {
          SafeFiles.replaceSymbolicLink(path.resolveSibling("l"), path.getFileName());
          return NOTHING;
        }),
    MOVE_WITHIN(path -> none(Files.move(path, path.resolveSibling("moved")))),
    MOVE_IN(
        path -> none(Files.move(top(path, "stock"), path, StandardCopyOption.REPLACE_EXISTING))),
    MOVE_OUT(path -> Files.readAllBytes(Files.move(path, free(top(path, "taken"))))),
    EXCHANGE(
        path -> {
          SafeFiles.exchange(path, top(path, "stock"));
          return Files.readAllBytes(top(path, "stock"));
        }),
    COPY_IN(
        path -> none(Files.copy(top(path, "stock"), path, StandardCopyOption.REPLACE_EXISTING))),
    COPY_OUT(
        path ->
            Files.readAllBytes(
                Files.copy(path, top(path, "taken"), StandardCopyOption.REPLACE_EXISTING))),
    DELETE(
        path -> {
          Files.delete(path);
          return NOTHING;
        }),
    DELETE_ON_CLOSE(
        path -> {
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE)
              .close();
          return NOTHING;
        }),
    DELETE_TREE(
        path -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(path.getParent())) {
            deleteTree((SecureDirectoryStream<Path>) stream);
          }
          return NOTHING;
        }),
    DELETE_WALKED_TREE(
        path -> {
          try (Stream<Path> all = Files.walk(path.getParent())) {
            for (Path each :
                all.filter(found -> found.getNameCount() > path.getNameCount() - 1).toList()) {
              Files.deleteIfExists(each);
            }
          }
          return NOTHING;
        }),
    SET_PERMISSIONS(
        path ->
            none(
                Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx")))),
    SET_OWNER(
        path -> {
          Files.setAttribute(path, "unix:mode", 0777);
          return none(Files.setOwner(path, Files.getOwner(path)));
        }),
    SET_TIMES(path -> none(Files.setLastModifiedTime(path, FileTime.fromMillis(5)))),
    SET_USER_ATTRIBUTE(
        path -> {
          Files.getFileAttributeView(path, UserDefinedFileAttributeView.class)
              .write("mark", ByteBuffer.wrap(new byte[] {1}));
          return NOTHING;
        }),
    WATCH(
        path -> {
          try (WatchService service = path.getFileSystem().newWatchService()) {
            path.getParent().register(service, StandardWatchEventKinds.ENTRY_MODIFY);
            Files.setLastModifiedTime(outside.resolve("only-outside"), THEN);
            WatchKey key = service.poll(5, TimeUnit.MILLISECONDS);
            boolean sees =
                key != null
                    && key.pollEvents().stream()
                        .anyMatch(event -> event.context().toString().equals("only-outside"));
            return sees ? SECRET : NOTHING;
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        }),
    REAL_PATH(path -> path.toRealPath().toString().contains("outside") ? SECRET : NOTHING),
    SAME_FILE(path -> none(Files.isSameFile(path, top(path, "stock")))),
    LIST(
        path -> {
          try (DirectoryStream<Path> stream =
              Files.newDirectoryStream(path.getParent(), "only-outside")) {
            return stream.iterator().hasNext() ? SECRET : NOTHING;
          }
        });

    private final Act act;

    Operation(Act act) {
      this.act = act;
    }

    private interface Act {
      byte[] on(Path path) throws IOException;
    }

    private static byte[] none(Object ignored) {
      return NOTHING;
    }

    private static Path top(Path path, String name) {
      return path.getParent().resolveSibling(name);
    }

    private static Path free(Path path) throws IOException {
      Files.deleteIfExists(path);
      return path;
    }

    private static void deleteTree(SecureDirectoryStream<Path> directory) throws IOException {
      for (Path entry : directory) {
        Path name = entry.getFileName();
        BasicFileAttributeView view =
            directory.getFileAttributeView(
                name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (view.readAttributes().isDirectory()) {
          try (SecureDirectoryStream<Path> child =
              directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            deleteTree(child);
          }
          directory.deleteDirectory(name);
        } else {
          directory.deleteFile(name);
        }
      }
    }
  }

  /** How a program gets to the directory. */
  enum Way {
    CONFINED {
      @Override
      Path open() throws IOException {
        return root(PlayedProvider.over(real -> real));
      }
    },
    CONFINED_OLD {
      @Override
      Path open() throws IOException {
        return root(PlayedProvider.over(Kernel.OLD::over));
      }
    },
    CONFINED_IN_ROOT {
      @Override
      Path open() throws IOException {
        return PlayedProvider.over(real -> real)
            .newFileSystem(inside, Map.of("links", "IN_ROOT", "durability", "NONE"))
            .getPath("/");
      }
    },
    GUARDED {
      @Override
      Path open() {
        return PlayedProvider.guarding(real -> real, inside).getPath(inside.toString());
      }
    };

    abstract Path open() throws IOException;

    private static Path root(FileSystemProvider provider) throws IOException {
      return provider.newFileSystem(inside, Map.of("durability", "NONE")).getPath("/");
    }
  }

  @BeforeAll
  static void plant() throws Exception {
    Path place = JdkPaths.of(work).toRealPath();
    inside = Files.createDirectory(place.resolve("inside"));
    outside = Files.createDirectory(place.resolve("outside"));
    Files.createDirectory(inside.resolve("dir"));
    Files.createSymbolicLink(inside.resolve("trap"), Path.of("../outside"));
    byte[] name = (inside.resolve("dir") + "\0").getBytes(StandardCharsets.UTF_8);
    int pinned = SyscallsLoader.load().openat(Abi.AT_FDCWD, name, Abi.O_PATH | Abi.O_CLOEXEC, 0);
    real = place.getFileSystem().getPath("/proc/self/fd", Integer.toString(pinned));
    plantOutside();
    attacker = Exchanger.start(inside.resolve("dir"), inside.resolve("trap"));
  }

  @AfterAll
  static void stop() throws Exception {
    attacker.close();
  }

  private static void plantOutside() throws IOException {
    remove(outside);
    Files.createDirectory(outside);
    Files.write(outside.resolve("only-outside"), SECRET);
    Files.setLastModifiedTime(outside.resolve("only-outside"), THEN);
    Files.write(outside.resolve("f"), SECRET);
    Files.createSymbolicLink(outside.resolve("l"), Path.of("outer"));
    Files.setPosixFilePermissions(
        outside.resolve("f"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.setLastModifiedTime(outside.resolve("f"), THEN);
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  private static void restock() throws IOException {
    Files.write(inside.resolve("stock"), new byte[] {'s'});
    for (String name : new String[] {"created", "made/created", "made", "moved", "l"}) {
      Files.deleteIfExists(real.resolve(name));
    }
    if (!Files.isRegularFile(real.resolve("f"))) {
      Files.write(real.resolve("f"), new byte[] {'i'});
    }
    Files.createSymbolicLink(real.resolve("l"), Path.of("f"));
  }

  private static boolean isOutsideTouched() throws IOException {
    Path f = outside.resolve("f");
    try (Stream<Path> entries = Files.list(outside)) {
      return entries.count() != 3
          || Files.notExists(f)
          || !Arrays.equals(Files.readAllBytes(f), SECRET)
          || !Files.getLastModifiedTime(f).equals(THEN)
          || Files.getPosixFilePermissions(f).size() != 4
          || !Files.getFileAttributeView(f, UserDefinedFileAttributeView.class).list().isEmpty()
          || !Files.readSymbolicLink(outside.resolve("l")).endsWith("outer")
          || !Files.getAttribute(f, "unix:nlink").equals(1);
    }
  }

  private static byte[] attempt(Operation operation, Path path) throws IOException {
    restock();
    try {
      return operation.act.on(path);
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      return NOTHING; // lost to the attacker, as it should be
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void nothingOutsideIsReadOrChanged(Way way) throws Exception {
    Path path = way.open().resolve("dir/f");
    for (Operation operation : Operation.values()) {
      long end = System.nanoTime() + NANOSECONDS;
      while (System.nanoTime() < end) {
        assertThat(attempt(operation, path)).as("%s %s", way, operation).isNotEqualTo(SECRET);
      }
      assertThat(isOutsideTouched()).as("%s %s outside", way, operation).isFalse();
    }
    assertThat(attacker.isAlive()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {
        "READ",
        "READ_ATTRIBUTES",
        "WRITE",
        "APPEND",
        "CREATE",
        "CREATE_DIRECTORY",
        "CREATE_SYMBOLIC_LINK",
        "MOVE_IN",
        "MOVE_OUT",
        "COPY_OUT",
        "DELETE",
        "DELETE_WALKED_TREE",
        "SET_PERMISSIONS",
        "SET_TIMES",
        "SET_USER_ATTRIBUTE",
        "LIST",
        "WATCH"
      })
  void controlACheckedPathOfTheJdkLeadsOutside(Operation operation) throws Exception {
    AtomicBoolean escaped = new AtomicBoolean();
    Path root = inside.toRealPath();
    Path path = inside.resolve("dir/f");
    Budget.control(
        escaped::get,
        () -> {
          byte[] read = NOTHING;
          if (isBeneath(root, path.getParent())) {
            read = attempt(operation, path);
          }
          escaped.set(Arrays.equals(read, SECRET) || isOutsideTouched());
        });
    plantOutside();
    assertThat(escaped).isTrue();
  }

  private static boolean isBeneath(Path root, Path directory) {
    try {
      return directory.toRealPath().startsWith(root);
    } catch (IOException e) {
      return false;
    }
  }
}
