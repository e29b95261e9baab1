package dev.safefs.op;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.SafeOpenOption;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Abi;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written in place with the option {@code DURABLE}, and without it. */
@Tag("W6")
class DurableInPlaceTest {
  private static final SafeConfig FILE = SafeConfig.confined();
  private static final SafeConfig FILE_AND_NAME = FILE.with("durability", "FILE_AND_NAME");

  @TempDir Path base;

  private final TracingSyscalls tracing = new TracingSyscalls(Scene.kernel());

  private Scene scene(SafeConfig config) throws IOException {
    return Scene.confined(base, tracing.syscalls(), config);
  }

  private static OpenRequest request(Scene scene, Set<OpenOption> options) {
    return OpenRequest.parse(options, scene.config);
  }

  private static FileChannel open(Scene scene, Set<OpenOption> options) throws IOException {
    return Opener.open(scene.place("file"), request(scene, options));
  }

  private static ByteBuffer bytes() {
    return ByteBuffer.wrap(new byte[] {'n', 'e', 'w'});
  }

  /** Tells whether the descriptors that are open on a file write through; proc(5), fdinfo. */
  private static boolean isSynchronous(Path file) throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor) && Files.readSymbolicLink(descriptor).equals(file)) {
          return (flags(descriptor.getFileName().toString()) & Abi.O_SYNC) == Abi.O_SYNC;
        }
      }
    }
    throw new AssertionError("not open");
  }

  private static long flags(String descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo", descriptor))) {
      if (line.startsWith("flags:")) {
        return Long.parseLong(line.substring("flags:".length()).strip(), 8);
      }
    }
    throw new AssertionError("no flags");
  }

  static List<Set<OpenOption>> creating() {
    return List.of(
        Set.of(WRITE, CREATE_NEW),
        Set.of(APPEND, CREATE),
        Set.of(WRITE, CREATE),
        Set.of(READ, WRITE, CREATE),
        Set.of(WRITE, CREATE, TRUNCATE_EXISTING, SafeOpenOption.IN_PLACE));
  }

  private static Set<OpenOption> durable(Set<OpenOption> options) {
    return Stream.concat(options.stream(), Stream.of(SafeOpenOption.DURABLE))
        .collect(Collectors.toUnmodifiableSet());
  }

  @ParameterizedTest
  @MethodSource("creating")
  void aNewFileWritesThroughAndItsNameIsSynced(Set<OpenOption> options) throws IOException {
    try (Scene scene = scene(FILE);
        FileChannel channel = open(scene, durable(options))) {
      assertThat(tracing.count("fsync")).isEqualTo(1);
      assertThat(isSynchronous(scene.path("file"))).isTrue();
      channel.write(bytes());
      assertThat(scene.content("file")).isEqualTo("new");
    }
  }

  @ParameterizedTest
  @MethodSource("creating")
  void withoutTheOptionItDoesNot(Set<OpenOption> options) throws IOException {
    try (Scene scene = scene(FILE);
        FileChannel channel = open(scene, options)) {
      channel.write(bytes());
      assertThat(tracing.count("fsync")).isZero();
      assertThat(isSynchronous(scene.path("file"))).isFalse();
    }
  }

  /** As that of a directory that is created; what is written is the caller's to force. */
  @ParameterizedTest
  @MethodSource("creating")
  void theSettingMakesTheNameDurableAndNotTheWrites(Set<OpenOption> options) throws IOException {
    try (Scene scene = scene(FILE_AND_NAME);
        FileChannel channel = open(scene, options)) {
      channel.write(bytes());
      assertThat(tracing.count("fsync")).isEqualTo(1);
      assertThat(isSynchronous(scene.path("file"))).isFalse();
    }
  }

  @Test
  void anExistingFileWritesThroughAndNoNameIsSynced() throws IOException {
    try (Scene scene = scene(FILE)) {
      scene.file("file", "old");
      try (FileChannel channel = open(scene, Set.of(APPEND, CREATE, SafeOpenOption.DURABLE))) {
        assertThat(isSynchronous(scene.path("file"))).isTrue();
        channel.write(bytes());
      }
      assertThat(scene.content("file")).isEqualTo("oldnew");
      assertThat(tracing.count("fsync")).isZero();
    }
  }

  /** {@code O_SYNC} is about writes, and truncating is none. */
  @Test
  void aTruncationInPlaceIsSynced() throws IOException {
    try (Scene scene = scene(FILE)) {
      scene.file("file", "old");
      open(scene, Set.of(WRITE, TRUNCATE_EXISTING, SafeOpenOption.IN_PLACE, SafeOpenOption.DURABLE))
          .close();
      assertThat(scene.path("file")).isEmptyFile();
      assertThat(tracing.count("fsync")).isEqualTo(1);
    }
  }

  @Test
  @Tag("W4")
  void soIsAFileThatStaysInPlaceForItsOtherNames() throws IOException {
    try (Scene scene = scene(FILE.with("hardLinks", "IN_PLACE"))) {
      Files.createLink(scene.path("other"), scene.file("file", "old"));
      try (FileChannel channel =
          open(scene, Set.of(WRITE, TRUNCATE_EXISTING, SafeOpenOption.DURABLE))) {
        assertThat(isSynchronous(scene.path("file"))).isTrue();
        assertThat(tracing.count("fsync")).isEqualTo(1);
        channel.write(bytes());
      }
      assertThat(scene.content("other")).isEqualTo("new");
    }
  }

  @Test
  void aSpecialFileIsOpenedAllTheSame() throws IOException {
    try (Scene ambient = Scene.ambient(Path.of("/dev"))) {
      OpenRequest request =
          request(ambient, Set.of(WRITE, TRUNCATE_EXISTING, SafeOpenOption.DURABLE));
      try (FileChannel channel = Opener.open(ambient.place("null"), request)) {
        assertThat(channel.write(bytes())).isEqualTo(3);
      }
    }
  }

  @Test
  void anAsynchronousChannelWritesThrough() throws Exception {
    try (Scene scene = scene(FILE)) {
      Set<OpenOption> options = Set.of(WRITE, CREATE_NEW, SafeOpenOption.DURABLE);
      try (AsynchronousFileChannel channel =
          Opener.openAsynchronous(scene.place("file"), request(scene, options), Optional.empty())) {
        assertThat(isSynchronous(scene.path("file"))).isTrue();
        assertThat(channel.write(bytes(), 0).get()).isEqualTo(3);
      }
      assertThat(tracing.count("fsync")).isEqualTo(1);
    }
  }

  /** It is synced whole when it is published, and not with each write. */
  @Test
  @Tag("W1")
  void aPendingFileDoesNotWriteThrough() throws IOException {
    try (Scene scene = scene(FILE)) {
      try (FileChannel channel =
          open(scene, Set.of(WRITE, CREATE, TRUNCATE_EXISTING, SafeOpenOption.DURABLE))) {
        channel.write(bytes());
        assertThat(tracing.count("fsync")).isZero();
      }
      assertThat(tracing.count("fsync")).isEqualTo(2);
    }
  }

  /** Nothing of it outlives the channel. */
  @Test
  @Tag("T1")
  void aFileThatIsDeletedOnCloseIsNotSynced() throws IOException {
    try (Scene scene = scene(FILE_AND_NAME);
        Channel channel =
            open(scene, Set.of(WRITE, CREATE_NEW, DELETE_ON_CLOSE, SafeOpenOption.DURABLE))) {
      assertThat(channel.isOpen()).isTrue();
      assertThat(tracing.count("fsync")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"STRICT", "BEST_EFFORT"})
  @Tag("G2")
  void aNameThatCannotBeSyncedIsTakenBackOrADowngrade(String strictness) throws IOException {
    SafeConfig config = FILE.with("strictness", strictness);
    Set<OpenOption> options = Set.of(WRITE, CREATE_NEW, SafeOpenOption.DURABLE);
    try (Scene scene =
        Scene.confined(base, PoorMount.withUnreadableDirectories(Scene.kernel()), config)) {
      Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("-wx------"));
      if (strictness.equals("STRICT")) {
        assertThatThrownBy(() -> open(scene, options))
            .isInstanceOf(GuaranteeUnavailableException.class)
            .hasMessageContaining("/file")
            .hasMessageContaining("W6");
        assertThat(scene.path("file")).doesNotExist();
      } else {
        open(scene, options).close();
        assertThat(scene.path("file")).isEmptyFile();
      }
    } finally {
      Files.setPosixFilePermissions(base, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
