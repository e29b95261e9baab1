package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A directory that may be written and searched and not be read, mode 0300, which nobody can sync:
 * whatever gives it a name does so, and best effort goes on with a record, and a strict file system
 * says so after the fact.
 */
@Tag("G2")
@Tag("W6")
class UnreadableDirectoryTest {
  private static final SafeConfig FILE_AND_NAME =
      SafeConfig.confined().with("durability", "FILE_AND_NAME");
  private static final Set<PosixFilePermission> ALL = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> WRITE_AND_SEARCH =
      PosixFilePermissions.fromString("-wx------");

  private static final InitialAttributes NO_ATTRIBUTES = InitialAttributes.parseWithoutReplace();

  @TempDir Path base;

  /** Gives the name {@code new}. */
  private interface Operation {
    void run(Scene scene) throws IOException;
  }

  static Stream<String> operations() {
    return all().keySet().stream();
  }

  private static Map<String, Operation> all() {
    Map<String, Operation> all = new LinkedHashMap<>();
    all.put("write", scene -> write(scene, WRITE, CREATE, TRUNCATE_EXISTING));
    all.put("force", UnreadableDirectoryTest::force);
    all.put("explicit", UnreadableDirectoryTest::explicit);
    all.put("batch", UnreadableDirectoryTest::batch);
    all.put("copy", scene -> scene.copy("source", "new"));
    all.put("copy of a directory", scene -> scene.copy("directory", "new"));
    all.put(
        "copy of a directory with its attributes",
        scene -> scene.copy("directory", "new", StandardCopyOption.COPY_ATTRIBUTES));
    all.put("move", scene -> scene.move("source", "new"));
    all.put("link", scene -> Linker.createLink(scene.place("new"), scene.place("source")));
    all.put("directory", scene -> Directories.create(scene.place("new"), NO_ATTRIBUTES));
    return all;
  }

  private static OpenRequest request(Scene scene, OpenOption... options) {
    return OpenRequest.parse(Set.of(options), scene.config);
  }

  private static ByteBuffer bytes() {
    return ByteBuffer.wrap(new byte[] {'n', 'e', 'w'});
  }

  private static void write(Scene scene, OpenOption... options) throws IOException {
    try (FileChannel channel = Opener.open(scene.place("new"), request(scene, options))) {
      channel.write(bytes());
    }
  }

  private static void force(Scene scene) throws IOException {
    OpenRequest request = request(scene, WRITE, CREATE, TRUNCATE_EXISTING);
    try (FileChannel channel = Opener.open(scene.place("new"), request)) {
      channel.write(bytes());
      channel.force(true);
    }
  }

  private static void explicit(Scene scene) throws IOException {
    try (PendingWrite write =
        PendingWrite.open(scene.place("new"), request(scene, WRITE, CREATE_NEW))) {
      write.channel().write(bytes());
      write.commit();
    }
  }

  private static void batch(Scene scene) throws IOException {
    try (Batch batch = new Batch()) {
      batch.add(scene.place("new"), request(scene, WRITE, CREATE_NEW)).channel().write(bytes());
      Batch.Result result = batch.commit();
      assertThat(result.published()).hasSize(1);
      result.check();
    }
  }

  private Scene unreadable(SafeConfig config) throws IOException {
    Scene scene = Scene.confined(base, PoorMount.withUnreadableDirectories(Scene.kernel()), config);
    scene.file("source", "new");
    Files.setPosixFilePermissions(scene.directory("directory"), WRITE_AND_SEARCH);
    Files.setPosixFilePermissions(base, WRITE_AND_SEARCH);
    return scene;
  }

  @AfterEach
  void theNameIsGivenAndNoStrayOneIsLeft() throws IOException {
    Files.setPosixFilePermissions(base, ALL);
    try (Stream<Path> entries = Files.list(base)) {
      assertThat(entries.map(entry -> entry.getFileName().toString()))
          .contains("new")
          .noneMatch(name -> name.startsWith(".safefs-"));
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void bestEffortGoesOnWithARecord(String operation) throws IOException {
    List<String> records = new ArrayList<>();
    try (Scene scene = unreadable(FILE_AND_NAME.with("strictness", "BEST_EFFORT"));
        Recorder recorder = new Recorder(records)) {
      all().get(operation).run(scene);
    }
    assertThat(records)
        .isNotEmpty()
        .allSatisfy(
            text ->
                assertThat(text)
                    .contains("/new: W6", "strictness=BEST_EFFORT")
                    .containsPattern("EACCES|AccessDenied"));
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aStrictFileSystemSaysThatItIsDone(String operation) throws IOException {
    try (Scene scene = unreadable(FILE_AND_NAME)) {
      assertThatThrownBy(() -> all().get(operation).run(scene))
          .isInstanceOf(GuaranteeUnavailableException.class)
          .hasMessageContaining("/new")
          .hasMessageContaining("W6 (directory sync; the name is given)")
          .hasMessageContaining("strictness=STRICT")
          .message()
          .containsPattern("EACCES|AccessDenied");
    }
  }

  /** Collects what is logged. */
  private static final class Recorder extends Handler implements AutoCloseable {
    private static final Logger LOGGER = Logger.getLogger("dev.safefs");

    private final List<String> records;

    Recorder(List<String> records) {
      this.records = records;
      LOGGER.addHandler(this);
    }

    @Override
    public void publish(LogRecord logged) {
      records.add(logged.getMessage());
    }

    @Override
    public void flush() {
      // Nothing is kept back.
    }

    @Override
    public void close() {
      LOGGER.removeHandler(this);
    }
  }
}
