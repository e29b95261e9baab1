package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An attacker swaps a directory for a symbolic link to another one, outside of the root, and back, while an operation goes on
 * through that directory. Nothing outside may be read or changed. The control does the same on the JDK's provider, after the
 * usual check with {@code toRealPath().startsWith(root)}.
 */
@Tag("race")
@Tag("R1")
class ConfinedSwapRaceTest {
  private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);
  private static final FileTime THEN = FileTime.fromMillis(1_000_000_000_000L);

  @TempDir Path work;
  private Path inside;
  private Path outside;

  /** What a program does to a file in the swapped directory. It returns what it has read, if anything. */
  enum Operation {
    READ(path -> Files.readAllBytes(path)),
    WRITE(path -> none(Files.write(path, new byte[] {'w'}))),
    APPEND(path -> none(Files.write(path, new byte[] {'w'}, StandardOpenOption.APPEND))),
    CREATE(path -> none(Files.createFile(path.resolveSibling("created")))),
    CREATE_DIRECTORY(path -> none(Files.createDirectory(path.resolveSibling("created")))),
    CREATE_LINK(path -> none(Files.createLink(path.resolveSibling("created"), path))),
    CREATE_SYMBOLIC_LINK(
        path -> none(Files.createSymbolicLink(path.resolveSibling("created"), path.getFileName()))),
    MOVE_WITHIN(path -> none(Files.move(path, path.resolveSibling("moved")))),
    MOVE_IN(path -> none(Files.move(path.getParent().resolveSibling("stock"), path, StandardCopyOption.REPLACE_EXISTING))),
    COPY_IN(path -> none(Files.copy(path.getParent().resolveSibling("stock"), path, StandardCopyOption.REPLACE_EXISTING))),
    COPY_OUT(path -> Files.readAllBytes(Files.copy(path, path.getParent().resolveSibling("taken"), StandardCopyOption.REPLACE_EXISTING))),
    DELETE(path -> {
      Files.delete(path);
      return new byte[0];
    }),
    SET_PERMISSIONS(
        path -> none(Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwxrwx")))),
    SET_TIMES(path -> none(Files.setLastModifiedTime(path, FileTime.fromMillis(5)))),
    SET_USER_ATTRIBUTE(
        path -> {
          Files.getFileAttributeView(path, UserDefinedFileAttributeView.class)
              .write("mark", ByteBuffer.wrap(new byte[] {1}));
          return new byte[0];
        }),
    LIST(
        path -> {
          try (DirectoryStream<Path> stream = Files.newDirectoryStream(path.getParent(), "only-outside")) {
            return stream.iterator().hasNext() ? SECRET : new byte[0];
          }
        });

    private final Act act;

    Operation(Act act) {
      this.act = act;
    }

    private interface Act {
      byte[] on(Path path) throws IOException;
    }

    private static byte[] none(Path ignored) {
      return new byte[0];
    }
  }

  @BeforeEach
  void plant() throws IOException {
    inside = Files.createDirectory(work.resolve("inside"));
    outside = Files.createDirectory(work.resolve("outside"));
    Files.createDirectory(inside.resolve("dir"));
    restock();
    Files.write(outside.resolve("only-outside"), SECRET);
    Files.write(outside.resolve("f"), SECRET);
    Files.setPosixFilePermissions(outside.resolve("f"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.setLastModifiedTime(outside.resolve("f"), THEN);
  }

  private void restock() throws IOException {
    Files.write(inside.resolve("stock"), new byte[] {'s'});
  }

  private boolean isOutsideTouched() throws IOException {
    Path f = outside.resolve("f");
    try (Stream<Path> entries = Files.list(outside)) {
      return entries.count() != 2
          || Files.notExists(f)
          || !Arrays.equals(Files.readAllBytes(f), SECRET)
          || !Files.getLastModifiedTime(f).equals(THEN)
          || Files.getPosixFilePermissions(f).size() != 4
          || !Files.getFileAttributeView(f, UserDefinedFileAttributeView.class).list().isEmpty()
          || !Files.getAttribute(f, "unix:nlink").equals(1);
    }
  }

  /** While the directory is away it is also stocked again: only there nobody can swap it under the test's own feet. */
  private Adversary swapper() {
    Path dir = inside.resolve("dir");
    Path away = work.resolve("away");
    return new Adversary(
        () -> {
          Files.move(dir, away, StandardCopyOption.ATOMIC_MOVE);
          Files.deleteIfExists(away.resolve("created"));
          Files.deleteIfExists(away.resolve("moved"));
          Files.write(away.resolve("f"), new byte[] {'i'});
          Files.createSymbolicLink(dir, Path.of("../outside"));
          Files.delete(dir);
          Files.move(away, dir, StandardCopyOption.ATOMIC_MOVE);
        },
        () -> {
          if (Files.isSymbolicLink(dir)) {
            Files.delete(dir);
          }
          if (Files.exists(away)) {
            Files.move(away, dir, StandardCopyOption.ATOMIC_MOVE);
          }
        });
  }

  private byte[] attempt(Operation operation, Path path) throws IOException {
    restock();
    try {
      return operation.act.on(path);
    } catch (IOException e) {
      return new byte[0]; // lost to the attacker, as it should be
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void nothingOutsideIsReadOrChanged(Operation operation) throws Exception {
    URI uri = URI.create("safe://" + inside.toUri().getRawPath());
    try (FileSystem safe = FileSystems.newFileSystem(uri, Map.of())) {
      Path path = safe.getPath("/dir/f");
      try (Adversary attacker = swapper()) {
        Budget.race(() -> assertThat(attempt(operation, path)).isNotEqualTo(SECRET));
      }
    }
    assertThat(isOutsideTouched()).as("%s outside", operation).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"READ", "WRITE", "CREATE", "MOVE_IN", "COPY_OUT", "DELETE", "SET_PERMISSIONS", "LIST"})
  void controlACheckedPathOfTheJdkLeadsOutside(Operation operation) throws Exception {
    AtomicBoolean escaped = new AtomicBoolean();
    Path root = inside.toRealPath();
    Path path = inside.resolve("dir/f");
    try (Adversary attacker = swapper()) {
      Budget.control(
          escaped::get,
          () -> {
            byte[] read = new byte[0];
            if (isBeneath(root, path.getParent())) {
              read = attempt(operation, path);
            }
            escaped.set(Arrays.equals(read, SECRET) || isOutsideTouched());
          });
    }
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
