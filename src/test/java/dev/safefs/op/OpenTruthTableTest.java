package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.nio.file.ExtendedOpenOption;
import dev.safefs.InMemory;
import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every set of open options on every kind of name: the same outcome, content and names as with the
 * JDK's provider.
 */
@Tag("W5")
class OpenTruthTableTest {
  private static final List<OpenOption> OPTIONS =
      List.of(
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND,
          StandardOpenOption.CREATE,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.DELETE_ON_CLOSE,
          StandardOpenOption.SPARSE,
          StandardOpenOption.SYNC,
          StandardOpenOption.DSYNC,
          ExtendedOpenOption.DIRECT,
          LinkOption.NOFOLLOW_LINKS);

  /** What direct access to every common file system is aligned to. */
  private static final int BLOCK = 4096;

  private static final SafeConfig FAST = SafeConfig.confined().with("durability", "none");

  @TempDir(factory = InMemory.class)
  Path base;

  private interface Open<C> {
    C open(Set<OpenOption> options) throws IOException;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "absent",
        "file",
        "read-only",
        "directory",
        "link",
        "dangling",
        "link to directory"
      })
  void everySetOfOptionsDoesWhatTheJdkDoes(String name) throws IOException {
    Path theirs = Files.createDirectory(base.resolve("theirs"));
    Path ours = Files.createDirectory(base.resolve("ours"));
    List<String> differences = new ArrayList<>();
    try (Scene scene = Scene.confined(ours, Scene.kernel(), FAST)) {
      for (Set<OpenOption> options : sets()) {
        plant(theirs);
        plant(ours);
        String expected =
            use(o -> FileChannel.open(theirs.resolve(name), o), options) + tree(theirs);
        String actual =
            use(o -> Opener.open(scene.place(name), OpenRequest.parse(o, FAST)), options)
                + tree(ours);
        if (!actual.equals(expected)) {
          differences.add(options + ": expected " + expected + ", got " + actual);
        }
      }
    }
    assertThat(differences.stream().limit(5)).as(differences.size() + " differences").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"absent", "file", "directory", "link", "dangling"})
  void everySetOfOptionsOpensAsynchronouslyAsTheJdkDoes(String name) throws IOException {
    Path theirs = Files.createDirectory(base.resolve("theirs"));
    Path ours = Files.createDirectory(base.resolve("ours"));
    List<String> differences = new ArrayList<>();
    try (Scene scene = Scene.confined(ours, Scene.kernel(), FAST)) {
      for (Set<OpenOption> options : sets()) {
        if (options.contains(StandardOpenOption.APPEND)
            || options.contains(StandardOpenOption.SYNC)) {
          // The face refuses it before it parses the rest.
          continue;
        }
        plant(theirs);
        plant(ours);
        String expected =
            useAsynchronous(
                    o -> AsynchronousFileChannel.open(theirs.resolve(name), o, null), options)
                + tree(theirs);
        String actual =
            useAsynchronous(
                    o ->
                        Opener.openAsynchronous(
                            scene.place(name), OpenRequest.parse(o, FAST), Optional.empty()),
                    options)
                + tree(ours);
        if (!actual.equals(expected)) {
          differences.add(options + ": expected " + expected + ", got " + actual);
        }
      }
    }
    assertThat(differences.stream().limit(5)).as(differences.size() + " differences").isEmpty();
  }

  @Test
  void initialPermissionsAreThoseTheJdkGives() throws IOException {
    Path theirs = Files.createDirectory(base.resolve("theirs"));
    Path ours = Files.createDirectory(base.resolve("ours"));
    try (Scene scene = Scene.confined(ours, Scene.kernel(), FAST)) {
      for (String mode : List.of("rw-rw-rw-", "r--------", "---------", "rwxrwxrwx", "-w-------")) {
        for (OpenOption creation :
            List.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.TRUNCATE_EXISTING)) {
          Set<OpenOption> options =
              Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, creation);
          var attribute =
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
          Files.deleteIfExists(theirs.resolve("new"));
          Files.deleteIfExists(ours.resolve("new"));
          FileChannel.open(theirs.resolve("new"), options, attribute).close();
          Opener.open(scene.place("new"), OpenRequest.parse(options, FAST, attribute)).close();
          assertThat(Files.getPosixFilePermissions(ours.resolve("new")))
              .as(mode + " " + creation)
              .isEqualTo(Files.getPosixFilePermissions(theirs.resolve("new")));
        }
      }
    }
  }

  /** All sets that are worth a try. */
  private static List<Set<OpenOption>> sets() {
    List<Set<OpenOption>> sets = new ArrayList<>();
    for (int set = 0; set < 1 << OPTIONS.size(); set++) {
      Set<OpenOption> options = options(set);
      if (isTried(options)) {
        sets.add(options);
      }
    }
    return sets;
  }

  /**
   * Leaves out combinations of what has nothing to do with each other, and one that is documented
   * to differ: opened for reading, CREATE_NEW creates nothing, but makes the JDK follow links
   * whatever else is said.
   */
  private static boolean isTried(Set<OpenOption> options) {
    boolean synchronous =
        options.contains(StandardOpenOption.SYNC) || options.contains(StandardOpenOption.DSYNC);
    boolean other =
        options.contains(StandardOpenOption.READ) || options.contains(LinkOption.NOFOLLOW_LINKS);
    boolean writes =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    long modifiers =
        Stream.of(
                StandardOpenOption.SPARSE,
                StandardOpenOption.SYNC,
                StandardOpenOption.DSYNC,
                ExtendedOpenOption.DIRECT)
            .filter(options::contains)
            .count();
    return modifiers < 2
        && !(synchronous && other)
        && (writes
            || !options.contains(StandardOpenOption.CREATE_NEW)
            || !(options.contains(StandardOpenOption.DELETE_ON_CLOSE)
                || options.contains(LinkOption.NOFOLLOW_LINKS)));
  }

  private static Set<OpenOption> options(int set) {
    Set<OpenOption> options = new HashSet<>();
    for (int i = 0; i < OPTIONS.size(); i++) {
      if ((set & 1 << i) != 0) {
        options.add(OPTIONS.get(i));
      }
    }
    return options;
  }

  private static void plant(Path dir) throws IOException {
    Files.deleteIfExists(dir.resolve("absent"));
    Files.deleteIfExists(dir.resolve("nowhere"));
    put(dir.resolve("file"), "old content");
    put(dir.resolve("target"), "old target");
    if (Files.exists(dir.resolve("read-only"))) {
      Files.delete(dir.resolve("read-only"));
    }
    put(dir.resolve("read-only"), "old content");
    Files.setPosixFilePermissions(
        dir.resolve("read-only"), PosixFilePermissions.fromString("r--r--r--"));
    if (!Files.exists(dir.resolve("directory"))) {
      Files.createDirectory(dir.resolve("directory"));
    }
    link(dir.resolve("link"), "target");
    link(dir.resolve("dangling"), "nowhere");
    link(dir.resolve("link to directory"), "directory");
  }

  private static void put(Path file, String content) throws IOException {
    Files.write(file, content.getBytes(StandardCharsets.UTF_8));
  }

  private static void link(Path link, String target) throws IOException {
    if (!Files.isSymbolicLink(link)) {
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, FileSystems.getDefault().getPath(target));
    }
  }

  /** Opens, reads, writes, closes, and tells how far it came. */
  private static String use(Open<FileChannel> open, Set<OpenOption> options) {
    StringBuilder told = new StringBuilder();
    try (FileChannel channel = open.open(options)) {
      told.append("open ").append(channel.size() >= 0).append(channel.position());
      told.append(
          attempt(
              () ->
                  options.contains(ExtendedOpenOption.DIRECT)
                      ? channel.read(aligned(), 0)
                      : channel.read(ByteBuffer.allocate(4), 2)));
      told.append(attempt(() -> channel.write(content(options))));
      told.append(attempt(() -> (int) channel.position()));
      told.append(attempt(() -> (int) channel.size()));
    } catch (IOException | RuntimeException e) {
      told.append(kind(e));
    }
    return told.toString();
  }

  private static ByteBuffer content(Set<OpenOption> options) {
    return options.contains(ExtendedOpenOption.DIRECT)
        ? aligned().put("new.".repeat(BLOCK / 4).getBytes(StandardCharsets.UTF_8)).flip()
        : ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Returns a block. Other buffers are copied to aligned ones by the JDK, but that of 17 then keeps
   * a slice for reuse, and a later transfer of the thread fails when it is to be freed.
   */
  private static ByteBuffer aligned() {
    return ByteBuffer.allocateDirect(2 * BLOCK).alignedSlice(BLOCK).limit(BLOCK).slice();
  }

  /** Nothing is read or written directly: the JDK does not align the buffers of these channels. */
  private static String useAsynchronous(
      Open<AsynchronousFileChannel> open, Set<OpenOption> options) {
    StringBuilder told = new StringBuilder();
    try (AsynchronousFileChannel channel = open.open(options)) {
      told.append("open ");
      if (!options.contains(ExtendedOpenOption.DIRECT)) {
        told.append(attempt(() -> channel.read(ByteBuffer.allocate(4), 2).get()));
        told.append(attempt(() -> channel.write(content(options), 1).get()));
      }
      told.append(attempt(() -> (int) channel.size()));
    } catch (IOException | RuntimeException e) {
      told.append(kind(e));
    }
    return told.toString();
  }

  /** With NOFOLLOW_LINKS the JDK has a plain IOException for a link; ours names the path. */
  private static String kind(Exception e) {
    return e.getClass() == FileSystemException.class
        ? IOException.class.getName()
        : e.getClass().getName();
  }

  private interface Attempt {
    int run() throws Exception;
  }

  private static String attempt(Attempt attempt) {
    try {
      return " " + attempt.run();
    } catch (Exception e) {
      return " " + e.getClass().getSimpleName();
    }
  }

  private static Map<String, String> tree(Path dir) throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> entries = Files.list(dir)) {
      for (Path entry : entries.toList()) {
        tree.put(entry.getFileName().toString(), describe(entry));
      }
    }
    return tree;
  }

  private static String describe(Path entry) throws IOException {
    if (Files.isSymbolicLink(entry)) {
      return "-> " + Files.readSymbolicLink(entry);
    }
    return Files.isDirectory(entry)
        ? "directory"
        : Files.readString(entry)
            + " "
            + PosixFilePermissions.toString(Files.getPosixFilePermissions(entry));
  }
}
