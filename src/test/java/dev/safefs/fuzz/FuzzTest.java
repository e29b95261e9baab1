package dev.safefs.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import dev.safefs.kernel.Kernel;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random sequences of operations in a confined file system: when it is quiet they have the outcomes
 * of the JDK's provider on a twin tree, and when a second actor changes the tree between any two
 * system calls nothing outside is seen or changed. Each sequence has a seed of its own, which a
 * failure names. {@code -Dsafefs.fuzz.milliseconds} sets the time for each.
 */
@ParameterizedClass
@CsvSource({"WHOLE, BENEATH", "OLD, BENEATH", "WHOLE, IN_ROOT", "OLD, IN_ROOT"})
class FuzzTest {
  private static final long MILLISECONDS = Long.getLong("safefs.fuzz.milliseconds", 1000);
  private static final long LONG_SEQUENCES = Long.getLong("safefs.fuzz.sequences", 1_000_000) / 8;
  private static final int STEPS = 30;
  private static final String SECRET = "secret of the outside, twenty-nine";

  private final Kernel kernel;
  private final String links;

  @TempDir(factory = InMemory.class)
  Path temporary;

  private Path work;
  private Path outside;

  FuzzTest(Kernel kernel, String links) {
    this.kernel = kernel;
    this.links = links;
  }

  @BeforeEach
  void plant() throws IOException {
    work = JdkPaths.of(temporary).toRealPath();
    outside = Files.createDirectory(work.resolve("outside"));
    for (String name : new String[] {"a", "b", "c", "only-outside"}) {
      Files.writeString(outside.resolve(name), SECRET);
      Files.setLastModifiedTime(outside.resolve(name), FileTime.fromMillis(1_000_000_000_000L));
    }
  }

  private static Step.Tree jdk(Path root) {
    return raw ->
        root.getFileSystem()
            .provider()
            .getPath(URI.create("file://" + root.toUri().getRawPath().replaceAll("/$", "") + raw));
  }

  static Step.Tree safe(FileSystemProvider provider, Path root) {
    String uri = uri(root);
    return raw -> provider.getPath(URI.create(uri + "!" + raw));
  }

  static String uri(Path root) {
    return "safe://" + root.toUri().getRawPath().replaceAll("/$", "");
  }

  static void clear(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!each.equals(directory)) {
          Files.delete(each);
        }
      }
    }
  }

  static String snapshot(Path root) throws IOException {
    Map<String, String> all = new TreeMap<>();
    try (Stream<Path> found = Files.walk(root)) {
      for (Path each : found.toList()) {
        String name = root.relativize(each).toString();
        String mode =
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(each, LinkOption.NOFOLLOW_LINKS));
        if (Files.isSymbolicLink(each)) {
          all.put(name, "-> " + Files.readSymbolicLink(each));
        } else if (Files.isDirectory(each)) {
          all.put(name, "directory " + mode);
        } else {
          all.put(
              name,
              mode + " " + Files.getAttribute(each, "unix:nlink") + " " + Files.readString(each));
        }
      }
    }
    return all.toString().replace(", ", "\n");
  }

  /** Says whether to go on with another sequence. */
  private interface Budget {
    boolean allows(long sequence);
  }

  private static Budget time() {
    long end = System.nanoTime() + MILLISECONDS * 1_000_000;
    return sequence -> System.nanoTime() < end;
  }

  @Test
  void quietSequencesHaveTheOutcomesOfTheJdk() throws IOException {
    compare(time());
  }

  @Test
  @Tag("R1")
  void noSequenceEscapesUnderAttack() throws IOException {
    attack(time());
  }

  @Test
  @Tag("long")
  void aMillionSequencesHoldToo() throws IOException {
    compare(sequence -> sequence < LONG_SEQUENCES);
    attack(sequence -> sequence < LONG_SEQUENCES);
  }

  private void compare(Budget budget) throws IOException {
    Path confined = Files.createDirectory(work.resolve("confined"));
    Path twin = Files.createDirectory(work.resolve("twin"));
    FileSystemProvider provider = PlayedProvider.over(kernel::over);
    try (FileSystem opened = provider.newFileSystem(URI.create(uri(confined)), env())) {
      for (long seed = 0; budget.allows(seed); seed++) {
        List<String> trace = new ArrayList<>(List.of("seed " + seed));
        if (isSame(new Random(seed), safe(provider, confined), jdk(twin), trace)) {
          assertThat(snapshot(confined)).as("seed %s: %s", seed, trace).isEqualTo(snapshot(twin));
        }
        clear(confined);
        clear(twin);
      }
      assertThat(opened.isOpen()).isTrue();
    }
    Files.delete(confined);
    Files.delete(twin);
  }

  /**
   * Compares step by step. The JDK removes the target of a replacing move that then fails: after
   * that the trees differ.
   */
  private static boolean isSame(Random random, Step.Tree safe, Step.Tree jdk, List<String> trace) {
    for (int i = 0; i < STEPS; i++) {
      Step step = Step.random(random);
      String expected = step.on(jdk);
      String actual = step.on(safe);
      if (step.isBeneathFile(expected, actual)) {
        return false;
      }
      assertSame(actual, expected, step + " after " + trace);
      if (step.isLast(expected)) {
        return false;
      }
      if (!expected.startsWith("threw")) {
        trace.add(step + " = " + expected);
      }
    }
    return true;
  }

  /** Compares what was seen of a step with what the JDK did. */
  static void assertSame(String actual, String expected, String what) {
    if (Step.isLoss(expected)) {
      assertThat(actual).as("%s", what).matches(seen -> !Step.isLoss(seen));
    } else {
      assertThat(kind(actual)).as("%s", what).isEqualTo(kind(expected));
    }
  }

  /**
   * Where two things are wrong with a call, which of them is told may differ: the contract tests
   * have one at a time.
   */
  private static String kind(String seen) {
    return seen.matches(
            "threw java[.]nio[.]file[.](NoSuchFile|FileAlreadyExists|DirectoryNotEmpty|FileSystem)Exception")
        ? "threw"
        : seen;
  }

  private Map<String, String> env() {
    return env(links);
  }

  /** As the JDK does, a file is written in place where it has other names (W4). */
  static Map<String, String> env(String links) {
    return Map.of("links", links, "durability", "NONE", "hardLinks", "IN_PLACE");
  }

  private void attack(Budget budget) throws IOException {
    Path confined = Files.createDirectory(work.resolve("attacked"));
    Actor actor = new Actor(confined);
    FileSystemProvider provider = PlayedProvider.over(real -> kernel.over(actor.between(real)));
    String before = snapshot(outside) + times();
    try (FileSystem opened = provider.newFileSystem(URI.create(uri(confined)), env())) {
      for (long seed = 0; budget.allows(seed); seed++) {
        actor.random = new Random(seed);
        Random random = new Random(-seed);
        List<String> trace = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
          Step step = Step.random(random);
          actor.isActive = true;
          String seen = step.on(safe(provider, confined));
          actor.isActive = false;
          trace.add(step + " = " + seen);
          assertThat(seen)
              .as("seed %s: %s", seed, trace)
              .doesNotContain(SECRET, "only-outside")
              .isNotEqualTo(Integer.toString(SECRET.length()));
        }
        assertThat(snapshot(outside) + times()).as("seed %s: %s", seed, trace).isEqualTo(before);
        clear(confined);
      }
      assertThat(opened.isOpen()).isTrue();
      assertThat(actor.deeds).isPositive();
    }
    Files.delete(confined);
  }

  private String times() throws IOException {
    StringBuilder times = new StringBuilder();
    try (Stream<Path> entries = Files.list(outside)) {
      for (Path entry : entries.sorted().toList()) {
        times.append(Files.getAttribute(entry, "unix:ctime"));
      }
    }
    return times.toString();
  }

  /**
   * The second actor, who works on the same tree, knows the way out, and acts between any two
   * system calls.
   */
  private final class Actor {
    private final Path root;
    private Random random = new Random(0);
    private boolean isActive;
    private long deeds;

    Actor(Path root) {
      this.root = root;
    }

    Syscalls between(Syscalls real) {
      return (Syscalls)
          Proxy.newProxyInstance(
              Actor.class.getClassLoader(),
              new Class<?>[] {Syscalls.class},
              (proxy, method, args) -> {
                if (isActive && random.nextInt(3) == 0) {
                  act();
                }
                try {
                  return method.invoke(real, args);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }

    private void act() {
      Path one = name();
      Path other = name();
      try {
        switch (random.nextInt(6)) {
          case 0, 1 -> {
            Files.move(one, root.resolve("aside"), StandardCopyOption.ATOMIC_MOVE);
            Files.createSymbolicLink(
                one,
                root.getFileSystem()
                    .getPath(one.getParent().equals(root) ? "../outside" : "../../outside"));
          }
          case 2 -> Files.createSymbolicLink(one, outside);
          case 3 -> Files.move(one, other, StandardCopyOption.ATOMIC_MOVE);
          case 4 -> Files.move(root.resolve("aside"), one, StandardCopyOption.ATOMIC_MOVE);
          default -> Files.createDirectory(one);
        }
        deeds++;
      } catch (IOException e) {
        // Nothing there to act on: the next time.
      }
    }

    private Path name() {
      String names = "abc";
      Path name = root.resolve(String.valueOf(names.charAt(random.nextInt(3))));
      boolean isDeep = random.nextBoolean() && Files.isDirectory(name, LinkOption.NOFOLLOW_LINKS);
      return isDeep ? name.resolve(String.valueOf(names.charAt(random.nextInt(3)))) : name;
    }
  }
}
