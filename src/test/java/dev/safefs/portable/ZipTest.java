package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.LinkPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.SafeFileSystems;
import dev.safefs.SafeFiles;
import dev.safefs.op.Mover;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Over an archive: no keys, times of two seconds, no links, files that are seen when they are
 * closed.
 */
class ZipTest {
  @TempDir Path temp;
  private Path archive;
  private FileSystem zip;
  private FileSystem safe;

  @BeforeEach
  void open() throws IOException {
    archive = temp.resolve("a.zip");
    zip = FileSystems.newFileSystem(URI.create("jar:" + archive.toUri()), Map.of("create", "true"));
    safe =
        SafeFileSystems.over(
            zip.getPath("/"), SafeConfig.confined().with("strictness", "BEST_EFFORT"));
  }

  @AfterEach
  void close() throws IOException {
    zip.close();
  }

  private Path path(String name) {
    return safe.getPath("/" + name);
  }

  @Test
  @Tag("W3")
  void whatIsWrittenAfterAForceIsNotLost() throws IOException {
    Files.writeString(path("a"), "old");
    try (FileChannel channel =
        FileChannel.open(
            path("a"), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap("one".getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
      String forced = Files.readString(path("a"));
      channel.write(ByteBuffer.wrap("two".getBytes(StandardCharsets.UTF_8)));
      assertThat(forced).isIn("one", "old");
    }
    assertThat(Files.readString(path("a"))).isEqualTo("onetwo");
    assertThat(written()).isEqualTo(Map.of("/a", "onetwo"));
  }

  /** Closes the archive, and returns the contents of its files by their names. */
  private Map<String, String> written() throws IOException {
    safe.close();
    zip.close();
    Map<String, String> contents = new TreeMap<>();
    try (FileSystem again = FileSystems.newFileSystem(archive);
        Stream<Path> files = Files.walk(again.getPath("/"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file.toString(), Files.readString(file));
      }
    }
    return contents;
  }

  @Test
  @Tag("W1")
  void filesAreWrittenAndRewritten() throws IOException {
    Files.writeString(path("a"), "one");
    Files.writeString(path("a"), "two");
    Files.writeString(path("b"), "one");
    SafeFiles.write(path("c"), out -> out.write("three".getBytes(StandardCharsets.UTF_8)));
    assertThat(written()).isEqualTo(Map.of("/a", "two", "/b", "one", "/c", "three"));
  }

  @Test
  @Tag("W2")
  void aBodyThatFailsPublishesNothing() throws IOException {
    Files.writeString(path("a"), "old");
    assertThatThrownBy(
            () ->
                SafeFiles.write(
                    path("a"),
                    out -> {
                      out.write('n');
                      throw new IOException("on purpose");
                    }))
        .hasMessage("on purpose");
    assertThat(written()).isEqualTo(Map.of("/a", "old"));
  }

  @Test
  @Tag("M2")
  void filesOfOneLengthAreMovedAndCopied() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      Files.writeString(path(name), name);
    }
    assertThatThrownBy(() -> Files.move(path("a"), path("b")))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.move(path("a"), path("b"), REPLACE_EXISTING);
    Files.copy(path("b"), path("c"), REPLACE_EXISTING);
    Files.move(path("b"), path("d"));
    assertThat(written()).isEqualTo(Map.of("/c", "a", "/d", "a"));
  }

  @Test
  @Tag("D2")
  void treesAreMadeAndDeleted() throws IOException {
    for (String directory : List.of("d/e", "d/f", "g/e")) {
      Files.createDirectories(path(directory));
      Files.writeString(path(directory + "/x"), directory);
    }
    SafeFiles.deleteTree(path("d/e"));
    assertThat(written()).isEqualTo(Map.of("/d/f/x", "d/f", "/g/e/x", "g/e"));
  }

  /** zipfs moves no directories: what is in them stays where it is. */
  @Test
  @Tag("D2")
  void directoriesAreMovedAndCopiedWithWhatIsInThem() throws IOException {
    Files.createDirectories(path("d/e"));
    Files.writeString(path("d/e/x"), "X");
    Files.writeString(path("d/y"), "Y");
    Files.createDirectory(path("empty"));
    SafeFiles.copyTree(path("d"), path("copy"));
    SafeFiles.moveTree(path("d"), path("moved"));
    Files.move(path("moved"), path("again"));
    Files.move(path("again"), path("empty"), REPLACE_EXISTING);
    Files.createDirectory(path("one"));
    Files.move(path("one"), path("two"));
    Files.writeString(path("file"), "F");
    Files.move(path("file"), path("two"), REPLACE_EXISTING);
    assertThat(written())
        .isEqualTo(
            Map.of(
                "/copy/e/x", "X", "/copy/y", "Y", "/empty/e/x", "X", "/empty/y", "Y", "/two", "F"));
  }

  @Test
  @Tag("M1")
  void aDirectoryThatIsTakenOrWithinItselfStaysWhereItIs() throws IOException {
    Files.createDirectories(path("d/e"));
    Files.writeString(path("d/e/x"), "X");
    Files.createDirectories(path("taken/f"));
    assertThatThrownBy(() -> Files.move(path("d"), path("taken")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.move(path("d"), path("taken"), REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> Files.move(path("d"), path("d/e/in")))
        .isInstanceOf(FileSystemException.class);
    assertThat(Files.exists(path("taken/f"))).isTrue();
    try (Stream<Path> names = Files.list(path(""))) {
      assertThat(names.map(Path::toString)).containsExactlyInAnyOrder("/d", "/taken");
    }
    assertThat(written()).isEqualTo(Map.of("/d/e/x", "X"));
  }

  @Test
  @Tag("W5")
  void whatIsCreatedStepByStepIsThere() throws IOException {
    Files.createFile(path("empty"));
    try (OutputStream out = Files.newOutputStream(path("a"))) {
      out.write("a".getBytes(StandardCharsets.UTF_8));
      assertThat(Files.exists(path("empty"))).isTrue();
    }
    assertThat(Files.readString(path("a"))).isEqualTo("a");
    assertThat(written()).isEqualTo(Map.of("/a", "a", "/empty", ""));
  }

  @Test
  @Tag("M2")
  void whatAFailedMoveWasToReplaceIsStillThere() throws IOException {
    Path root = Files.createDirectory(zip.getPath("/top"));
    AtomicInteger moves = new AtomicInteger();
    FilteringProvider provider =
        new FilteringProvider(
            zip.provider(),
            call -> {
              if (call.equals("move") && moves.incrementAndGet() == 2) {
                throw new FileSystemException("x", null, "broken");
              }
            });
    SafeConfig config = SafeConfig.confined().with("strictness", "BEST_EFFORT");
    try (Bench bench = Bench.over(root, provider, LinkPolicy.BENEATH, (gap, path) -> {})) {
      bench.directory("d");
      bench.file("d/a", "A");
      bench.file("d/b", "B");
      bench.directory("empty");
      assertThatThrownBy(
              () ->
                  Mover.move(
                      bench.place("d", config),
                      bench.place("empty", config),
                      MoveRequest.parse(REPLACE_EXISTING)))
          .isInstanceOf(FileSystemException.class);
      assertThat(moves.get()).isGreaterThanOrEqualTo(2);
      assertThat(bench.names("d")).containsExactly("a", "b");
      assertThat(bench.names()).containsExactly("d", "empty");
    }
  }

  @Test
  @Tag("A1")
  void movedDirectoriesKeepTheirPermissions() throws IOException {
    Path file = temp.resolve("posix.zip");
    Map<String, ?> env = Map.of("create", "true", "enablePosixFileAttributes", true);
    try (FileSystem posix = FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), env)) {
      Path top = Files.createDirectory(posix.getPath("/top"));
      Path from = Files.createDirectory(top.resolve("d"));
      Files.setPosixFilePermissions(from, PosixFilePermissions.fromString("rwx-----x"));
      FileSystem over =
          SafeFileSystems.over(top, SafeConfig.confined().with("strictness", "BEST_EFFORT"));
      Files.move(over.getPath("/d"), over.getPath("/e"));
      assertThat(Files.getPosixFilePermissions(top.resolve("e")))
          .isEqualTo(PosixFilePermissions.fromString("rwx-----x"));
    }
  }
}
