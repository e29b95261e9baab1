package dev.safefs;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Batches of the face: their directories, their end, what a failure leaves. */
@Tag("W6")
class FileBatchTest {
  @TempDir Path temporary;
  private Path dir;

  @BeforeEach
  void makeRoot() throws IOException {
    dir = Files.createDirectory(temporary.resolve("dir"));
    Files.writeString(dir.resolve("a"), "A");
  }

  private FileSystem confined() throws IOException {
    return FileSystems.newFileSystem(
        URI.create("safe://" + dir.toUri().getRawPath()), Map.of("durability", "FILE_AND_NAME"));
  }

  private static void add(FileBatch batch, Path path) throws IOException {
    batch.add(path).write(StandardCharsets.UTF_8.encode("new"));
  }

  private String names() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList().toString();
    }
  }

  /** Counts those that lead beneath the directory; the JVM opens its own at any time. */
  private long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(each -> leadsTo(each).startsWith(dir.toString())).count();
    }
  }

  private static String leadsTo(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return "";
    }
  }

  @Test
  @Tag("W7")
  void closingTheFileSystemEndsABatchThatWasNotCommitted() throws IOException {
    long before = descriptors();
    FileSystem safe = confined();
    FileBatch batch = SafeFiles.batch(safe.getPath("/"));
    add(batch, safe.getPath("/a"));
    add(batch, safe.getPath("/b"));
    assertThat(descriptors()).isGreaterThan(before);
    safe.close();
    assertThat(descriptors()).isEqualTo(before);
    assertThatThrownBy(batch::commit).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> batch.add(safe.getPath("/c")))
        .isInstanceOf(ClosedFileSystemException.class);
    batch.close();
    assertThat(Files.readString(dir.resolve("a"))).isEqualTo("A");
    assertThat(names()).isEqualTo("[a]");
    assertThat(batch.published()).isEmpty();
  }

  @Test
  void aFailureMidwayTellsWhatWasPublished() throws IOException {
    try (FileSystem safe = confined();
        FileBatch batch = SafeFiles.batch(safe.getPath("/"))) {
      add(batch, safe.getPath("/a"));
      batch.add(safe.getPath("/b"), CREATE_NEW);
      add(batch, safe.getPath("/c"));
      Files.writeString(dir.resolve("b"), "first");
      assertThatThrownBy(batch::commit)
          .isInstanceOf(FileAlreadyExistsException.class)
          .hasMessageContaining("/b");
      assertThat(batch.published()).containsExactly(safe.getPath("/a"));
      assertThatThrownBy(batch::commit).isInstanceOf(IllegalStateException.class);
    }
    assertThat(Files.readString(dir.resolve("a"))).isEqualTo("new");
    assertThat(Files.readString(dir.resolve("b"))).isEqualTo("first");
    assertThat(names()).isEqualTo("[a, b]");
  }

  @Test
  void itsDirectoriesMustExistAndHoldItsFiles() throws IOException {
    try (FileSystem safe = confined()) {
      Path root = safe.getPath("/");
      Path sub = Files.createDirectory(root.resolve("sub"));
      assertThatThrownBy(() -> SafeFiles.batch(root.resolve("absent")))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> SafeFiles.batch(root, root.resolve("a")))
          .isInstanceOf(NotDirectoryException.class);
      try (FileBatch batch = SafeFiles.batch(root)) {
        assertThatThrownBy(() -> batch.add(sub.resolve("x")))
            .isInstanceOf(IllegalArgumentException.class);
      }
      try (FileBatch batch = SafeFiles.batch(root, sub)) {
        add(batch, root.resolve("a"));
        add(batch, sub.resolve("../sub/x"));
        batch.commit();
      }
      assertThat(Files.readString(sub.resolve("x"))).isEqualTo("new");
      assertThat(names()).isEqualTo("[a, sub]");
    }
  }
}
