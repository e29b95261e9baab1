package dev.safefs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The verbs on single files, on each kind of path. */
@ParameterizedClass
@EnumSource
class SafeFilesVerbsTest {
  @TempDir Path machine;
  private final Ground ground;
  private Path dir;

  /** What the paths are of. */
  enum Ground {
    PLAIN,
    AMBIENT,
    CONFINED
  }

  SafeFilesVerbsTest(Ground ground) {
    this.ground = ground;
  }

  @BeforeEach
  void open() throws IOException {
    dir =
        switch (ground) {
          case PLAIN -> machine;
          case AMBIENT -> Path.of(URI.create("safe://" + machine.toUri().getRawPath()));
          case CONFINED -> FileSystems.newFileSystem(machine, Map.of(), loader()).getPath("/");
        };
  }

  private static ClassLoader loader() {
    return SafeFilesVerbsTest.class.getClassLoader();
  }

  @AfterEach
  void close() throws IOException {
    if (ground == Ground.CONFINED) {
      dir.getFileSystem().close();
    }
  }

  private Path file(String name, String content) throws IOException {
    Files.writeString(machine.resolve(name), content);
    return dir.resolve(name);
  }

  private String content(String name) throws IOException {
    return Files.readString(machine.resolve(name));
  }

  private static Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
  }

  private String[] names() throws IOException {
    try (Stream<Path> entries = Files.list(machine)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toArray(String[]::new);
    }
  }

  @Test
  @Tag("D1")
  void onlyTheFileThatIsMeantIsDeleted() throws IOException {
    Path file = file("a", "A");
    Object other = key(file("b", "B"));
    assertThat(SafeFiles.deleteIfSame(file, other)).isFalse();
    assertThat(SafeFiles.deleteIfSame(file, key(file))).isTrue();
    assertThat(SafeFiles.deleteIfSame(file, other)).isFalse();
    assertThat(names()).containsExactly("b");
  }

  @Test
  @Tag("D1")
  void deleteOnCloseRemovesOnlyItsOwnFile() throws IOException {
    Path file = file("a", "A");
    try (Channel ignored =
        Files.newByteChannel(file, Set.of(StandardOpenOption.WRITE, DELETE_ON_CLOSE))) {
      if (names().length > 0) {
        Files.delete(machine.resolve("a"));
      }
      Files.writeString(machine.resolve("a"), "OTHER");
    }
    assertThat(content("a")).isEqualTo("OTHER");
  }

  @Test
  @Tag("T1")
  void aNewFileThatIsDeletedOnCloseNeverHasAName() throws IOException {
    Path temporary = dir.resolve("t");
    try (FileChannel channel =
        FileChannel.open(temporary, CREATE_NEW, StandardOpenOption.WRITE, DELETE_ON_CLOSE)) {
      channel.write(ByteBuffer.allocate(10));
      assertThat(names()).isEmpty();
    }
    assertThat(names()).isEmpty();
  }

  @Test
  @Tag("L2")
  void aFileIsReplacedIfItIsTheOneThatWasRead() throws IOException {
    Path file = file("a", "A");
    Files.getFileAttributeView(file, PosixFileAttributeView.class)
        .setPermissions(
            Set.of(
                java.nio.file.attribute.PosixFilePermission.OWNER_READ,
                java.nio.file.attribute.PosixFilePermission.OWNER_WRITE));
    Object first = key(file);
    try (PinnedFile held = SafeFiles.pin(file)) {
      assertThat(held.isAt(file)).isTrue();
      assertThat(SafeFiles.replaceIfSame(file, first, out -> out.write('B'))).isTrue();
      assertThat(held.isAt(file)).isFalse();
      assertThat(SafeFiles.replaceIfSame(file, first, out -> out.write('C'))).isFalse();
    }
    assertThat(content("a")).isEqualTo("B");
    assertThat(Files.getPosixFilePermissions(machine.resolve("a"))).hasSize(2);
    assertThatThrownBy(
            () ->
                SafeFiles.replaceIfSame(
                    file,
                    key(file),
                    out -> {
                      throw new IOException("half way");
                    }))
        .hasMessage("half way");
    assertThat(content("a")).isEqualTo("B");
    assertThat(SafeFiles.replaceIfSame(dir.resolve("absent"), first, out -> {})).isFalse();
    assertThat(names()).containsExactly("a");
  }

  @Test
  @Tag("W2")
  void aFileIsNotSwappedForContentThatCouldNotBeWritten() throws IOException {
    Path file = Files.writeString(dir.resolve("f"), "whole");
    Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    assertThatThrownBy(
            () ->
                SafeFiles.replaceIfSame(
                    file,
                    key,
                    out -> {
                      out.write('h');
                      Thread.currentThread().interrupt();
                      try (PrintStream swallowing = new PrintStream(out)) {
                        swallowing.print("alf");
                      } finally {
                        Thread.interrupted();
                      }
                    }))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("earlier failure");
    assertThat(file).hasContent("whole");
  }

  @Test
  @Tag("K5")
  void nullIsRefusedWhateverHasTheName() {
    Path absent = dir.resolve("absent");
    assertThatThrownBy(() -> SafeFiles.replaceIfSame(absent, null, out -> {}))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> SafeFiles.replaceIfSame(absent, "key", null))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> SafeFiles.deleteIfSame(absent, null))
        .isInstanceOf(NullPointerException.class);
  }

  @Test
  @Tag("H1")
  void aPinnedFileIsFoundLinkedReadAndWritten() throws IOException {
    Path file = file("a", "A");
    try (PinnedFile pinned = SafeFiles.pin(file)) {
      Files.move(machine.resolve("a"), machine.resolve("b"));
      file("a", "OTHER");
      assertThat(pinned.currentPath()).isEqualTo(dir.toRealPath().resolve("b"));
      assertThat(pinned.isAt(dir.resolve("b"))).isTrue();
      assertThat(pinned.isAt(file)).isFalse();
      assertThat(pinned.attributes().size()).isEqualTo(1);
      assertThat(pinned.fileKey().toString()).isEqualTo(key(machine.resolve("b")).toString());
      try (FileChannel channel = pinned.channel(APPEND)) {
        channel.write(StandardCharsets.UTF_8.encode("A"));
      }
      try (FileChannel channel = pinned.channel()) {
        assertThat(
                new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8))
            .isEqualTo("AA");
      }
      assertThat(pinned.view(PosixFileAttributeView.class)).isPresent();
      assertThatThrownBy(() -> pinned.channel(CREATE_NEW))
          .isInstanceOf(UnsupportedOperationException.class);
      pinned.moveTo(dir.resolve("d"), REPLACE_EXISTING);
      pinned.linkTo(dir.resolve("c"));
    }
    assertThat(names()).containsExactly("a", "c", "d");
    assertThat(content("d")).isEqualTo("AA");
  }

  @Test
  @Tag("H2")
  void aPinnedFileThatIsNotThereIsNotDeleted() throws IOException {
    Path file = file("a", "A");
    Files.createDirectory(machine.resolve("sub"));
    try (PinnedFile pinned = SafeFiles.pin(file, NOFOLLOW_LINKS)) {
      Files.move(machine.resolve("a"), machine.resolve("sub/a"));
      file("a", "OTHER");
      assertThatThrownBy(pinned::delete).isInstanceOf(SourceChangedException.class);
      Files.move(machine.resolve("sub/a"), machine.resolve("z"));
      pinned.delete();
      assertThatThrownBy(pinned::currentPath).isInstanceOf(NoSuchFileException.class);
    }
    assertThat(names()).containsExactly("a", "sub");
    assertThat(content("a")).isEqualTo("OTHER");
  }

  @Test
  @Tag("H1")
  void aNameThatLooksDeletedIsNone() throws IOException {
    Path file = file("x (deleted)", "X");
    try (PinnedFile pinned = SafeFiles.pin(file)) {
      assertThat(pinned.currentPath().getFileName()).hasToString("x (deleted)");
      Files.createLink(machine.resolve("second"), machine.resolve("x (deleted)"));
      Files.delete(machine.resolve("x (deleted)"));
      pinned.linkTo(dir.resolve("third"));
      Files.delete(machine.resolve("second"));
      Files.delete(machine.resolve("third"));
      assertThatThrownBy(() -> pinned.linkTo(dir.resolve("fourth")))
          .isInstanceOf(NoSuchFileException.class);
    }
    assertThat(names()).isEmpty();
  }

  @Test
  @Tag("H1")
  void aPinnedLinkHasNoChannel() throws IOException {
    Files.createSymbolicLink(machine.resolve("l"), Path.of("nowhere"));
    try (PinnedFile link = SafeFiles.pin(dir.resolve("l"), NOFOLLOW_LINKS)) {
      assertThat(link.attributes().isSymbolicLink()).isTrue();
      assertThatThrownBy(link::channel).isInstanceOf(FileSystemException.class);
      link.delete();
    }
    assertThat(names()).isEmpty();
    assertThatThrownBy(() -> SafeFiles.pin(dir.resolve("l")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @Tag("T1")
  void anAnonymousFileIsPublishedOrGone() throws IOException {
    Path taken = file("taken", "T");
    try (AnonymousFile file = SafeFiles.anonymousFile(dir)) {
      file.channel().write(StandardCharsets.UTF_8.encode("new"));
      assertThat(names()).containsExactly("taken");
      assertThatThrownBy(() -> file.publish(taken)).isInstanceOf(FileAlreadyExistsException.class);
      assertThat(content("taken")).isEqualTo("T");
      file.publish(dir.resolve("free"), SafeCopyOption.DURABLE);
      file.publish(taken, REPLACE_EXISTING);
      assertThat(content("taken")).isEqualTo("new");
      file.channel().write(StandardCharsets.UTF_8.encode("er"));
      assertThatThrownBy(() -> file.publish(taken, StandardCopyOption.ATOMIC_MOVE))
          .isInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(content("free")).isEqualTo("newer");
    Path ordinary = Files.createFile(machine.resolve("ordinary"));
    assertThat(Files.getPosixFilePermissions(machine.resolve("free")))
        .isEqualTo(Files.getPosixFilePermissions(ordinary));
    SafeFiles.anonymousFile(dir).close();
    assertThat(names()).containsExactly("free", "ordinary", "taken");
    assertThatThrownBy(() -> SafeFiles.anonymousFile(taken))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  @Tag("W6")
  void aBatchIsPublishedTogether() throws IOException {
    Path old = file("a", "A");
    try (FileBatch batch = SafeFiles.batch(dir)) {
      batch.add(old).write(StandardCharsets.UTF_8.encode("A2"));
      batch.add(dir.resolve("b"), CREATE_NEW).write(StandardCharsets.UTF_8.encode("B"));
      assertThat(content("a")).isEqualTo("A");
      batch.commit();
      assertThat(batch.published()).containsExactly(old, dir.resolve("b"));
    }
    try (FileBatch batch = SafeFiles.batch(dir)) {
      batch.add(dir.resolve("c")).write(StandardCharsets.UTF_8.encode("C"));
    }
    assertThat(content("a")).isEqualTo("A2");
    assertThat(names()).containsExactly("a", "b");
  }

  @Test
  @Tag("T2")
  void leftoversAreSwept() throws IOException {
    String leftover = ".safefs-f" + "a".repeat(26);
    file(leftover, "left");
    file("mine", "M");
    assertThat(SafeFiles.sweep(dir)).containsExactly(dir.resolve(leftover));
    assertThat(names()).containsExactly("mine");
  }

  @Test
  @Tag("C2")
  void filesAreCopiedToAnotherProviderAndBack() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path there = memory.getPath("/work/there");
      Path file = file("a", "A");
      Files.setLastModifiedTime(machine.resolve("a"), FileTime.fromMillis(1_200_000_000_000L));
      SafeFiles.copy(file, there, COPY_ATTRIBUTES);
      assertThat(Files.readString(there)).isEqualTo("A");
      assertThat(Files.getLastModifiedTime(there).toMillis()).isEqualTo(1_200_000_000_000L);
      assertThatThrownBy(() -> SafeFiles.copy(file, there))
          .isInstanceOf(FileAlreadyExistsException.class);
      Files.writeString(there, "B");
      SafeFiles.copy(there, file, REPLACE_EXISTING, COPY_ATTRIBUTES);
      assertThat(content("a")).isEqualTo("B");
      Files.createSymbolicLink(memory.getPath("/work/link"), memory.getPath("/work/there"));
      SafeFiles.copy(memory.getPath("link"), dir.resolve("followed"));
      SafeFiles.copy(memory.getPath("link"), dir.resolve("link"), NOFOLLOW_LINKS);
      assertThat(content("followed")).isEqualTo("B");
      assertThat(Files.readSymbolicLink(machine.resolve("link"))).hasToString("/work/there");
    }
  }

  @Test
  @Tag("M3")
  void filesAreMovedToAnotherProviderAndBack() throws IOException {
    try (FileSystem memory = Jimfs.newFileSystem(Configuration.unix())) {
      Path there = memory.getPath("/work/there");
      Path file = file("a", "A");
      assertThatThrownBy(() -> SafeFiles.move(file, there, StandardCopyOption.ATOMIC_MOVE))
          .isInstanceOf(AtomicMoveNotSupportedException.class);
      SafeFiles.move(file, there);
      assertThat(names()).isEmpty();
      assertThat(Files.readString(there)).isEqualTo("A");
      file("a", "OTHER");
      assertThatThrownBy(() -> SafeFiles.move(there, file))
          .isInstanceOf(FileAlreadyExistsException.class);
      SafeFiles.move(there, file, REPLACE_EXISTING);
      assertThat(content("a")).isEqualTo("A");
      assertThat(there).doesNotExist();
      Files.createDirectory(machine.resolve("full"));
      file("full/x", "X");
      assertThatThrownBy(() -> SafeFiles.move(dir.resolve("full"), there))
          .isInstanceOf(DirectoryNotEmptyException.class);
    }
  }
}
