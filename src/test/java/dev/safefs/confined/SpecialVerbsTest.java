package dev.safefs.confined;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PinnedFile;
import dev.safefs.Requirement;
import dev.safefs.SafeFiles;
import dev.safefs.SafeOpenOption;
import dev.safefs.confined.HostPathTest.Call;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Every verb and every entry point to a channel, on what is no regular file, on either side. */
@Tag("R6")
class SpecialVerbsTest {
  private static final Duration WATCHDOG = Duration.ofSeconds(2);
  private static final String[] KINDS = {"fifo", "socket", "link", "directory", "directory link"};

  /** Of ENXIO: what opening a device without a driver, a socket or a FIFO without reader gives. */
  private static final String NO_DRIVER = "No such device or address";

  private static final List<OpenOption> OPTIONS = options();

  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;
  private ServerSocketChannel socket;

  private interface Opening {
    AutoCloseable open(Path path, Set<OpenOption> options) throws Exception;
  }

  private static List<OpenOption> options() {
    List<OpenOption> options = new ArrayList<>(Arrays.asList(StandardOpenOption.values()));
    options.remove(StandardOpenOption.DELETE_ON_CLOSE);
    options.addAll(Arrays.asList(SafeOpenOption.values()));
    options.add(LinkOption.NOFOLLOW_LINKS);
    return options;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    restock();
    safe = ground.open(Map.of("durability", "NONE"));
  }

  /** Plants anew what a verb has moved, replaced or deleted. */
  private void restock() throws IOException {
    for (String name : KINDS) {
      Path path = ground.host().resolve(name);
      boolean isThere =
          switch (name) {
            case "directory" -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
            case "link", "directory link" -> Files.isSymbolicLink(path);
            default -> isOther(path);
          };
      if (!isThere) {
        Ground.remove(path);
        plant(name, path);
      }
    }
    if (!Files.isRegularFile(ground.host().resolve("in/file"), LinkOption.NOFOLLOW_LINKS)) {
      Ground.remove(ground.host().resolve("in"));
      ground.directory("in");
    }
  }

  private static boolean isOther(Path path) throws IOException {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS)
        && Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther();
  }

  private void plant(String name, Path path) throws IOException {
    switch (name) {
      case "fifo" -> Ground.run("mkfifo", path.toString());
      case "socket" -> {
        if (socket != null) {
          socket.close();
        }
        socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(path));
      }
      case "link" -> ground.link(name, "fifo");
      case "directory link" -> ground.link(name, "directory");
      default -> ground.directory(name);
    }
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
    socket.close();
  }

  private static Map<String, Opening> openings() {
    Map<String, Opening> openings = new LinkedHashMap<>();
    openings.put("byte channel", Files::newByteChannel);
    openings.put("file channel", FileChannel::open);
    openings.put(
        "asynchronous", (path, options) -> AsynchronousFileChannel.open(path, options, null));
    openings.put(
        "input stream",
        (path, options) -> Files.newInputStream(path, options.toArray(OpenOption[]::new)));
    openings.put(
        "output stream",
        (path, options) -> Files.newOutputStream(path, options.toArray(OpenOption[]::new)));
    openings.put(
        "pending", (path, options) -> SafeFiles.pending(path, options.toArray(OpenOption[]::new)));
    openings.put(
        "pinned",
        (path, options) -> {
          try (PinnedFile file = SafeFiles.pin(path)) {
            return file.channel(options.toArray(OpenOption[]::new));
          }
        });
    openings.put(
        "pinned link",
        (path, options) -> {
          try (PinnedFile file = SafeFiles.pin(path, LinkOption.NOFOLLOW_LINKS)) {
            return file.channel(options.toArray(OpenOption[]::new));
          }
        });
    return openings;
  }

  /** All sets of up to two options, and the one that most writers use. */
  private static Set<Set<OpenOption>> optionSets() {
    Set<Set<OpenOption>> sets = new LinkedHashSet<>();
    sets.add(Set.of());
    sets.add(Set.of(WRITE, CREATE, TRUNCATE_EXISTING));
    for (OpenOption one : OPTIONS) {
      for (OpenOption two : OPTIONS) {
        sets.add(Set.copyOf(new LinkedHashSet<>(List.of(one, two))));
      }
    }
    return sets;
  }

  @ParameterizedTest
  @ValueSource(strings = {"fifo", "socket", "link", "directory", "directory link"})
  void noEntryPointHangsOrOpensIt(String name) throws IOException {
    Path path = safe.getPath(name);
    noneOpens(path, name.startsWith("directory"));
    assertThat(Files.exists(ground.host().resolve(name), LinkOption.NOFOLLOW_LINKS)).isTrue();
    restock();
    assertThat(socket.isOpen()).isTrue();
  }

  /** A directory may be opened to be read, as the JDK does. */
  private static void noneOpens(Path path, boolean isDirectory) {
    openings()
        .forEach(
            (how, opening) -> {
              for (Set<OpenOption> options : optionSets()) {
                String what = how + " " + path + " " + options;
                Assertions.assertTimeoutPreemptively(
                    WATCHDOG,
                    () -> {
                      try (AutoCloseable opened = opening.open(path, options)) {
                        assertThat(isDirectory).as("%s: %s", what, opened).isTrue();
                      } catch (IOException
                          | IllegalArgumentException
                          | UnsupportedOperationException e) {
                        assertThat(e).hasMessageNotContaining(NO_DRIVER);
                      }
                    },
                    what);
              }
            });
  }

  @Test
  void noVerbHangsOnEitherSide() throws IOException {
    Map<String, Call> verbs = new LinkedHashMap<>(HostPathVerbs.verbs());
    verbs.putAll(HostPathVerbs.pinned());
    verbs.putAll(HostPathVerbs.unpublished());
    for (String name : KINDS) {
      for (Map.Entry<String, Call> verb : verbs.entrySet()) {
        Path special = safe.getPath(name);
        watched(verb, special, safe.getPath("in/other"));
        watched(verb, special, safe.getPath("in/file"));
        watched(verb, safe.getPath("in/file"), special);
        Ground.remove(ground.host().resolve("in/other"));
        restock();
      }
    }
  }

  private void watched(Map.Entry<String, Call> verb, Path path, Path other) {
    Assertions.assertTimeoutPreemptively(
        WATCHDOG,
        () -> {
          try {
            if (verb.getValue().on(path, other) instanceof AutoCloseable resource) {
              resource.close();
            }
          } catch (IOException
              | UnsupportedOperationException
              | IllegalArgumentException
              | IllegalStateException e) {
            assertThat(e).hasMessageNotContaining(NO_DRIVER);
          }
        },
        () -> verb.getKey() + " " + path + " " + other);
  }

  /** The name is given up or kept; what it stood for is moved as it is, and never opened. */
  @Test
  void aFifoIsMovedAndDeletedButNeverReadOrReplacedByContent() throws IOException {
    Path fifo = safe.getPath("fifo");
    assertThatThrownBy(() -> SafeFiles.write(fifo, out -> out.write(1)))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> SafeFiles.copy(fifo, safe.getPath("copy")))
        .isInstanceOf(FileSystemException.class);
    assertThat(isOther(ground.host().resolve("fifo"))).isTrue();
    assertThat(ground.host().resolve("copy")).doesNotExist();
    SafeFiles.move(fifo, safe.getPath("moved"));
    assertThat(isOther(ground.host().resolve("moved"))).isTrue();
    Files.delete(safe.getPath("moved"));
  }

  /** Their driver does not exist: each open would fail with ENXIO. */
  @Test
  @Tag("root")
  void noEntryPointOpensADevice() throws IOException {
    Requirement.present(Ground.isRoot(), "root");
    for (String type : new String[] {"c", "b"}) {
      Ground.run("mknod", ground.host().resolve("device-" + type).toString(), type, "240", "77");
      Path device = safe.getPath("device-" + type);
      noneOpens(device, false);
      Map<String, Call> verbs = new LinkedHashMap<>(HostPathVerbs.verbs());
      verbs.putAll(HostPathVerbs.pinned());
      verbs.putAll(HostPathVerbs.unpublished());
      for (Map.Entry<String, Call> verb : verbs.entrySet()) {
        watched(verb, device, safe.getPath("in/other"));
        watched(verb, safe.getPath("in/file"), device);
        Ground.remove(ground.host().resolve("in/other"));
        restock();
        if (!isOther(ground.host().resolve("device-" + type))) {
          Ground.remove(ground.host().resolve("device-" + type));
          Ground.run(
              "mknod", ground.host().resolve("device-" + type).toString(), type, "240", "77");
        }
      }
    }
    try (FileSystem allowing =
        safe.provider().newFileSystem(ground.host(), Map.of("specialFiles", "ALLOW"))) {
      assertThatThrownBy(() -> FileChannel.open(allowing.getPath("device-c"), WRITE).close())
          .as("control: one that is opened tells")
          .hasMessageContaining(NO_DRIVER);
    }
  }
}
