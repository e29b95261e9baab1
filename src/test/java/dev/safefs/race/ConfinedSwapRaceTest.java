package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import dev.safefs.kernel.Kernel;
import dev.safefs.sys.Abi;
import dev.safefs.sys.SyscallsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An attacker in its own process swaps a directory with a symbolic link to another one, outside of
 * the root, while an operation goes on through that directory. Nothing outside may be read or
 * changed. The control does the same on the JDK's provider, after the usual check with {@code
 * toRealPath().startsWith(root)}.
 */
@Tag("race")
@Tag("R1")
class ConfinedSwapRaceTest {
  private static final long NANOSECONDS =
      Long.getLong("safefs.race.milliseconds", 600) * 1_000_000 / 6;

  /** Its verbs share what others use: a part of the time, unless all is asked for. */
  private static final int VERBS = NANOSECONDS < 1_000_000_000 ? 4 : 1;

  static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
  static final byte[] NOTHING = {};
  private static final int LOOKS = 10_000;
  private static final int ENTRIES_OUTSIDE = 5;
  static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir(factory = InMemory.class)
  static Path work;

  private static Path inside;
  static Path outside;

  /** The directory itself, whatever its name is now. */
  private static Path real;

  private static Exchanger attacker;

  /** And group, and number of links. */
  private static Map<String, Object> owner;

  /** How a program gets to the directory. The first four in every build. */
  enum Way {
    CONFINED(Kernel.WHOLE, Map.of()),
    CONFINED_OLD(Kernel.OLD, Map.of()),
    CONFINED_IN_ROOT(Kernel.WHOLE, Map.of("links", "IN_ROOT")),
    GUARDED(Kernel.WHOLE, Map.of()) {
      @Override
      Path open() {
        return PlayedProvider.guarding(Kernel.WHOLE::over, inside).getPath(inside.toString());
      }
    },
    GUARDED_OLDEST(Kernel.OLDEST, Map.of()) {
      @Override
      Path open() {
        return PlayedProvider.guarding(Kernel.OLDEST::over, inside).getPath(inside.toString());
      }
    },
    CONFINED_OLDEST(Kernel.OLDEST, Map.of()),
    CONFINED_REFUSE(Kernel.WHOLE, Map.of("links", "REFUSE")),
    CONFINED_STAY(Kernel.WHOLE, Map.of("mounts", "STAY")),
    CONFINED_STAY_OLDEST(Kernel.OLDEST, Map.of("mounts", "STAY")),
    OPENAT2_MISSING(Kernel.OPENAT2_MISSING, Map.of()),
    OPENAT2_FORBIDDEN(Kernel.OPENAT2_FORBIDDEN, Map.of()),
    OPENAT2_MISSING_LATER(Kernel.OPENAT2_MISSING_AFTER_100_CALLS, Map.of()),
    OPENAT2_FORBIDDEN_LATER(Kernel.OPENAT2_FORBIDDEN_AFTER_100_CALLS, Map.of()),
    OPENAT2_BUSY(Kernel.OPENAT2_ALWAYS_BUSY, Map.of()),
    RENAMEAT2_MISSING(Kernel.RENAMEAT2_MISSING, Map.of()),
    TMPFILE_UNSUPPORTED(Kernel.TMPFILE_UNSUPPORTED, Map.of()),
    COPY_FILE_RANGE_FORBIDDEN(Kernel.COPY_FILE_RANGE_FORBIDDEN, Map.of()),
    STATX_MISSING(Kernel.STATX_MISSING, Map.of()),
    PROC_MISSING(Kernel.PROC_MISSING, Map.of()),
    PROC_OVERMOUNTED(Kernel.PROC_OVERMOUNTED, Map.of());

    private static final int IN_EVERY_BUILD = 4;

    private final Kernel kernel;
    private final Map<String, String> env;

    Way(Kernel kernel, Map<String, String> env) {
      this.kernel = kernel;
      this.env = env;
    }

    Path open() throws IOException {
      Map<String, String> settings = new HashMap<>(env);
      settings.put("durability", "NONE");
      return PlayedProvider.over(kernel::over).newFileSystem(inside, settings).getPath("/");
    }

    /** The one that {@code -Dsafefs.kernels} names, or all with {@code all}. */
    static List<Way> here() {
      String kernels = System.getProperty("safefs.kernels", "");
      List<Way> named =
          Arrays.stream(values())
              .filter(way -> kernels.equals("all") || way.name().equals(kernels))
              .toList();
      return named.isEmpty() ? List.of(values()).subList(0, IN_EVERY_BUILD) : named;
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
    Files.createDirectories(outside.resolve("tree"));
    Files.write(outside.resolve("tree/f"), SECRET);
    Files.write(outside.resolve(".safefs-f" + "a".repeat(26)), SECRET);
    Files.write(outside.resolve("only-outside"), SECRET);
    Files.setAttribute(outside.resolve("only-outside"), "user:only-outside", SECRET);
    Files.setLastModifiedTime(outside.resolve("only-outside"), THEN);
    Files.write(outside.resolve("f"), SECRET);
    Files.createSymbolicLink(outside.resolve("l"), Path.of("outer"));
    Files.setPosixFilePermissions(
        outside.resolve("f"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.setLastModifiedTime(outside.resolve("f"), THEN);
    remove(inside.resolve("twin"));
    Files.createLink(inside.resolve("twin"), outside.resolve("f"));
    owner = Files.readAttributes(outside.resolve("f"), "unix:uid,gid,nlink");
  }

  private static void remove(Path directory) throws IOException {
    if (Files.notExists(directory, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }

  private static void restock() throws IOException {
    Files.write(inside.resolve("stock"), new byte[] {'s'});
    for (String name : new String[] {"created", "made", "moved", "l"}) {
      remove(real.resolve(name));
    }
    if (!Files.isRegularFile(real.resolve("f"))) {
      Files.write(real.resolve("f"), new byte[] {'i'});
    }
    Files.createSymbolicLink(real.resolve("l"), Path.of("f"));
    remove(inside.resolve("taken-tree"));
    for (Path tree : new Path[] {inside.resolve("stock-tree"), real.resolve("tree")}) {
      if (Files.notExists(tree.resolve("f"))) {
        Files.createDirectories(tree);
        Files.write(tree.resolve("f"), new byte[] {'t'});
      }
    }
  }

  private static boolean isOutsideTouched() throws IOException {
    Path f = outside.resolve("f");
    Path tree = outside.resolve("tree");
    try (Stream<Path> entries = Files.list(outside);
        Stream<Path> entriesOfTree = Files.list(tree)) {
      return entries.count() != ENTRIES_OUTSIDE
          || entriesOfTree.count() != 1
          || Files.notExists(f)
          || !Arrays.equals(Files.readAllBytes(tree.resolve("f")), SECRET)
          || !Arrays.equals(Files.readAllBytes(f), SECRET)
          || !Files.getLastModifiedTime(f).equals(THEN)
          || Files.getPosixFilePermissions(f).size() != 4
          || !Files.readAttributes(f, "unix:uid,gid,nlink").equals(owner)
          || !Files.getFileAttributeView(f, UserDefinedFileAttributeView.class).list().isEmpty()
          || !Files.readSymbolicLink(outside.resolve("l")).endsWith("outer");
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private static byte[] attempt(SwapOperation operation, Path path) throws IOException {
    try {
      return operation.on(path);
    } catch (IOException | DirectoryIteratorException | UncheckedIOException e) {
      return NOTHING; // lost to the attacker, as it should be
    }
  }

  @ParameterizedTest
  @MethodSource("dev.safefs.race.ConfinedSwapRaceTest$Way#here")
  void nothingOutsideIsReadOrChanged(Way way, TestReporter reporter) throws Exception {
    Path path = way.open().resolve("dir/f");
    for (SwapOperation operation : SwapOperation.values()) {
      long end = System.nanoTime() + NANOSECONDS / (operation.isVerb() ? VERBS : 1);
      long attempts = 0;
      while (System.nanoTime() < end) {
        restock();
        assertThat(attempt(operation, path)).as("%s %s", way, operation).isNotEqualTo(SECRET);
        attempts++;
      }
      assertThat(attempts).as("%s %s attempts", way, operation).isPositive();
      reporter.publishEntry(way + " " + operation, attempts + " attempts");
      assertThat(isOutsideTouched()).as("%s %s outside", way, operation).isFalse();
    }
    assertThat(attacker.isAlive()).isTrue();
  }

  /** What the JDK does not have is tried on a file system that is not confined. */
  @ParameterizedTest
  @EnumSource(SwapOperation.class)
  void controlACheckedPathLeadsOutside(SwapOperation operation) throws Exception {
    Assumptions.assumeTrue(Budget.hasControls(), "knows nothing of kernels");
    AtomicBoolean escaped = new AtomicBoolean();
    AtomicInteger rounds = new AtomicInteger();
    Path root = inside.toRealPath();
    Path path = inside.resolve("dir/f");
    Path tried =
        operation.isVerb() ? Path.of(URI.create("safe://" + path.toUri().getRawPath())) : path;
    Budget.control(
        escaped::get,
        () -> {
          restock();
          byte[] read = NOTHING;
          if (isBeneath(root, path.getParent())) {
            if (rounds.incrementAndGet() % 2 == 0) {
              awaitSwap(root, path.getParent());
            }
            read = attempt(operation, tried);
          }
          escaped.set(Arrays.equals(read, SECRET) || isOutsideTouched());
        });
    plantOutside();
    assertThat(escaped).isTrue();
  }

  /**
   * The program is put to sleep here, and wakes up when the attacker has been there. An operation
   * of two calls can also be led astray in between: so not in every round.
   */
  private static void awaitSwap(Path root, Path directory) {
    for (int i = 0; i < LOOKS && isBeneath(root, directory); i++) {
      Thread.yield();
    }
  }

  private static boolean isBeneath(Path root, Path directory) {
    try {
      return directory.toRealPath().startsWith(root);
    } catch (IOException e) {
      return false;
    }
  }
}
