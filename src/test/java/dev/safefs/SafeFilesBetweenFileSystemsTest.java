package dev.safefs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Copies and moves between two file systems of the provider: each side is confined, or not, on its
 * own.
 */
@Tag("R1")
class SafeFilesBetweenFileSystemsTest {
  @TempDir Path work;
  private Path hostA;
  private Path hostB;
  private FileSystem confinedA;
  private FileSystem confinedB;

  /** Who stands on either side. */
  enum Sides {
    TWO_ROOTS,
    CONFINED_TO_AMBIENT,
    AMBIENT_TO_CONFINED
  }

  @BeforeEach
  void open() throws IOException {
    work = JdkPaths.of(work);
    hostA = Files.createDirectory(work.resolve("a"));
    hostB = Files.createDirectory(work.resolve("b"));
    confinedA = FileSystems.newFileSystem(uri(hostA), Map.of());
    confinedB = FileSystems.newFileSystem(uri(hostB), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    confinedA.close();
    confinedB.close();
  }

  private static URI uri(Path host) {
    return URI.create("safe://" + host.toUri().getRawPath());
  }

  private Path from(Sides sides, String name) {
    return sides == Sides.AMBIENT_TO_CONFINED
        ? Path.of(uri(hostA)).resolve(name)
        : confinedA.getPath("/" + name);
  }

  private Path to(Sides sides, String name) {
    return sides == Sides.CONFINED_TO_AMBIENT
        ? Path.of(uri(hostB)).resolve(name)
        : confinedB.getPath("/" + name);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C2")
  void aCopyHasContentAndAttributes(Sides sides) throws IOException {
    Files.writeString(hostA.resolve("file"), "content");
    Files.setPosixFilePermissions(
        hostA.resolve("file"), PosixFilePermissions.fromString("rw-r--r-x"));
    for (boolean byFiles : new boolean[] {true, false}) {
      if (byFiles) {
        Files.copy(from(sides, "file"), to(sides, "one"), COPY_ATTRIBUTES);
      } else {
        SafeFiles.copy(from(sides, "file"), to(sides, "two"), COPY_ATTRIBUTES);
      }
    }
    for (String copy : List.of("one", "two")) {
      assertThat(Files.readString(hostB.resolve(copy))).isEqualTo("content");
      assertThat(Files.getPosixFilePermissions(hostB.resolve(copy)))
          .isEqualTo(PosixFilePermissions.fromString("rw-r--r-x"));
    }
    assertThat(names(hostB)).containsExactly("one", "two");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("M1")
  void aMoveIsOneExclusiveRename(Sides sides) throws IOException {
    Path file = Files.writeString(hostA.resolve("file"), "content");
    Object key = Files.getAttribute(file, "unix:ino");
    Files.writeString(hostB.resolve("taken"), "taken");
    assertThatThrownBy(() -> SafeFiles.move(from(sides, "file"), to(sides, "taken")))
        .isInstanceOf(FileAlreadyExistsException.class);
    SafeFiles.move(from(sides, "file"), to(sides, "moved"));
    assertThat(Files.getAttribute(hostB.resolve("moved"), "unix:ino")).isEqualTo(key);
    Files.move(to(sides, "moved"), from(sides, "back"), ATOMIC_MOVE);
    Files.move(from(sides, "back"), to(sides, "taken"), REPLACE_EXISTING);
    assertThat(Files.readString(hostB.resolve("taken"))).isEqualTo("content");
    assertThat(names(hostA)).isEmpty();
    assertThat(names(hostB)).containsExactly("taken");
  }

  @ParameterizedTest
  @EnumSource(names = {"TWO_ROOTS", "AMBIENT_TO_CONFINED"})
  void theTargetIsConfinedWhateverTheSourceIs(Sides sides) throws IOException {
    Path outside = Files.createDirectory(work.resolve("outside"));
    Files.writeString(hostA.resolve("file"), "content");
    Files.createSymbolicLink(hostB.resolve("out"), outside);
    for (String target : List.of("out/x", "../outside/x")) {
      assertThatThrownBy(() -> SafeFiles.copy(from(sides, "file"), to(sides, target)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> SafeFiles.move(from(sides, "file"), to(sides, target)))
          .isInstanceOf(IOException.class);
    }
    assertThat(names(outside)).isEmpty();
    assertThat(names(hostA)).containsExactly("file");
  }

  @ParameterizedTest
  @EnumSource(names = {"TWO_ROOTS", "CONFINED_TO_AMBIENT"})
  void theSourceIsConfinedWhateverTheTargetIs(Sides sides) throws IOException {
    Path secret = Files.writeString(work.resolve("secret"), "secret");
    Files.createSymbolicLink(hostA.resolve("out"), secret);
    assertThatThrownBy(() -> SafeFiles.copy(from(sides, "out"), to(sides, "copy")))
        .isInstanceOf(PathEscapeException.class);
    SafeFiles.copy(from(sides, "out"), to(sides, "link"), NOFOLLOW_LINKS);
    SafeFiles.move(from(sides, "out"), to(sides, "moved"));
    assertThat(Files.readSymbolicLink(hostB.resolve("link"))).isEqualTo(secret);
    assertThat(Files.readSymbolicLink(hostB.resolve("moved"))).isEqualTo(secret);
    assertThat(Files.readString(secret)).isEqualTo("secret");
  }

  @Test
  @Tag("M4")
  void oneFileByTwoFileSystemsIsNotMovedOrCopiedOntoItself() throws IOException {
    Path file = Files.writeString(hostA.resolve("file"), "content");
    Path ambient = Path.of(uri(hostA)).resolve("file");
    SafeFiles.move(ambient, confinedA.getPath("/file"), REPLACE_EXISTING);
    SafeFiles.copy(confinedA.getPath("/file"), ambient, REPLACE_EXISTING);
    assertThat(Files.readString(file)).isEqualTo("content");
    assertThat(names(hostA)).containsExactly("file");
  }

  @Test
  @Tag("T1")
  void anAnonymousFileReplacesNoDirectoryOnItsMountOrAnother(
      @TempDir(factory = InMemory.class) Path other) throws IOException {
    Files.createDirectory(hostA.resolve("taken"));
    Path across = Files.createDirectory(JdkPaths.of(other).resolve("taken"));
    try (AnonymousFile file = SafeFiles.anonymousFile(confinedA.getPath("/"))) {
      for (Path taken : new Path[] {confinedA.getPath("/taken"), Path.of(uri(across))}) {
        assertThatThrownBy(() -> file.publish(taken))
            .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> file.publish(taken, REPLACE_EXISTING))
            .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(taken).isEmptyDirectory();
        Files.writeString(taken.resolve("entry"), "");
        assertThatThrownBy(() -> file.publish(taken, REPLACE_EXISTING))
            .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(names(taken)).containsExactly("entry");
      }
    }
    assertThat(names(JdkPaths.of(other))).containsExactly("taken");
  }

  @Test
  @Tag("R4")
  void failuresSpeakEachSidesOwnNames() throws IOException {
    Path missing = confinedA.getPath("/missing");
    assertThatThrownBy(() -> SafeFiles.move(missing, confinedB.getPath("/x")))
        .hasMessageContaining("/missing")
        .hasMessageNotContaining(hostA.toString());
  }
}
