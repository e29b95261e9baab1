package dev.safefs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Between two SafeFS file systems of different engines, or of one engine over different file
 * systems: they are to each other what two devices are.
 */
class SafeFilesBetweenEnginesTest {
  private static final FileTime LONG_AGO = FileTime.fromMillis(1_200_000_000_000L);

  @TempDir Path work;
  private final Rooms rooms = new Rooms();
  private Path from;
  private Path to;

  /** Who stands on either side. */
  enum Sides {
    AMBIENT_TO_JIMFS(Rooms.Kind.AMBIENT, Rooms.Kind.OVER_JIMFS),
    JIMFS_TO_AMBIENT(Rooms.Kind.OVER_JIMFS, Rooms.Kind.AMBIENT),
    CONFINED_TO_MEMORY(Rooms.Kind.CONFINED, Rooms.Kind.OVER_MEMORY),
    MEMORY_TO_CONFINED(Rooms.Kind.OVER_MEMORY, Rooms.Kind.CONFINED),
    JIMFS_TO_JIMFS(Rooms.Kind.OVER_JIMFS, Rooms.Kind.OVER_JIMFS),
    JIMFS_TO_MEMORY(Rooms.Kind.OVER_JIMFS, Rooms.Kind.OVER_MEMORY);

    private final Rooms.Kind from;
    private final Rooms.Kind to;

    Sides(Rooms.Kind from, Rooms.Kind to) {
      this.from = from;
      this.to = to;
    }
  }

  private void open(Sides sides) throws IOException {
    from = rooms.open(sides.from, work.resolve("from"));
    to = rooms.open(sides.to, work.resolve("to"));
  }

  @AfterEach
  void close() throws IOException {
    rooms.close();
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(from.resolve(name), content);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C2")
  void aCopyIsExclusiveUnlessItIsToReplace(Sides sides) throws IOException {
    open(sides);
    Path file = write("file", "content");
    SafeFiles.copy(file, to.resolve("one"));
    Files.copy(file, to.resolve("two"));
    assertThat(Files.readString(to.resolve("one"))).isEqualTo("content");
    assertThat(Files.readString(to.resolve("two"))).isEqualTo("content");

    write("file", "other");
    assertThatThrownBy(() -> SafeFiles.copy(file, to.resolve("one")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.copy(file, to.resolve("two")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(Files.readString(to.resolve("one"))).isEqualTo("content");
    SafeFiles.copy(file, to.resolve("one"), REPLACE_EXISTING);
    Files.copy(file, to.resolve("two"), REPLACE_EXISTING);
    assertThat(Files.readString(to.resolve("one"))).isEqualTo("other");
    assertThat(Files.readString(to.resolve("two"))).isEqualTo("other");
    assertThat(names(to)).containsExactly("one", "two");
    assertThat(names(from)).containsExactly("file");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C3")
  void aCopyTakesWhatHasAMeaningOnBothSides(Sides sides) throws IOException {
    open(sides);
    Path file = write("file", "content");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r-x"));
    Files.setLastModifiedTime(file, LONG_AGO);
    Object owner = Files.getOwner(Files.createDirectory(to.resolve("mine"))).getName();
    Path copy = to.resolve("copy");
    SafeFiles.copy(file, copy, COPY_ATTRIBUTES);
    assertThat(Files.getPosixFilePermissions(copy))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r-x"));
    assertThat(Files.getLastModifiedTime(copy).toMillis()).isEqualTo(LONG_AGO.toMillis());
    assertThat(Files.getOwner(copy).getName()).isEqualTo(owner);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C3")
  void aCopyTakesUserDefinedAttributes(Sides sides) throws IOException {
    open(sides);
    assumeTrue(hasUserDefined(from) && hasUserDefined(to));
    Path file = write("file", "content");
    userDefined(file).write("color", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    SafeFiles.copy(file, to.resolve("copy"), COPY_ATTRIBUTES);
    SafeFiles.move(file, to.resolve("moved"));
    for (String name : names(to)) {
      ByteBuffer color = ByteBuffer.allocate(userDefined(to.resolve(name)).size("color"));
      userDefined(to.resolve(name)).read("color", color);
      assertThat(color.array()).containsExactly(1, 2, 3);
    }
    assertThat(names(to)).containsExactly("copy", "moved");
  }

  private static UserDefinedFileAttributeView userDefined(Path path) {
    return Files.getFileAttributeView(path, UserDefinedFileAttributeView.class);
  }

  private static boolean hasUserDefined(Path room) throws IOException {
    return Files.getFileStore(room).supportsFileAttributeView(UserDefinedFileAttributeView.class);
  }

  @ParameterizedTest
  @EnumSource
  @Tag("C1")
  void linksAndDirectoriesAreCopiedThemselves(Sides sides) throws IOException {
    open(sides);
    write("file", "content");
    Files.createSymbolicLink(from.resolve("link"), from.getFileSystem().getPath("file"));
    Files.createDirectory(from.resolve("full"));
    write("full/inside", "content");
    SafeFiles.copy(from.resolve("link"), to.resolve("followed"));
    SafeFiles.copy(from.resolve("link"), to.resolve("link"), NOFOLLOW_LINKS, COPY_ATTRIBUTES);
    SafeFiles.copy(from.resolve("full"), to.resolve("empty"), COPY_ATTRIBUTES);
    assertThat(Files.isSymbolicLink(to.resolve("followed"))).isFalse();
    assertThat(Files.readString(to.resolve("followed"))).isEqualTo("content");
    assertThat(Files.readSymbolicLink(to.resolve("link"))).hasToString("file");
    assertThat(names(to.resolve("empty"))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @Tag("M1")
  @Tag("M3")
  void aMoveIsExclusiveAndLeavesNoSource(Sides sides) throws IOException {
    open(sides);
    Files.setLastModifiedTime(write("file", "content"), LONG_AGO);
    write("second", "second");
    Files.writeString(to.resolve("taken"), "taken");
    Path file = from.resolve("file");
    assertThatThrownBy(() -> SafeFiles.move(file, to.resolve("taken")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> SafeFiles.move(file, to.resolve("free"), ATOMIC_MOVE))
        .isInstanceOf(AtomicMoveNotSupportedException.class);
    assertThatThrownBy(() -> SafeFiles.move(from.resolve("missing"), to.resolve("free")))
        .isInstanceOf(NoSuchFileException.class);
    assertThat(names(from)).containsExactly("file", "second");
    assertThat(names(to)).containsExactly("taken");
    assertThat(Files.readString(to.resolve("taken"))).isEqualTo("taken");

    SafeFiles.move(file, to.resolve("free"));
    Files.move(from.resolve("second"), to.resolve("taken"), REPLACE_EXISTING);
    assertThat(Files.readString(to.resolve("free"))).isEqualTo("content");
    assertThat(Files.getLastModifiedTime(to.resolve("free")).toMillis())
        .isEqualTo(LONG_AGO.toMillis());
    assertThat(Files.readString(to.resolve("taken"))).isEqualTo("second");
    assertThat(names(from)).isEmpty();
    assertThat(names(to)).containsExactly("free", "taken");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("M3")
  void linksAndEmptyDirectoriesAreMovedAndFullOnesRefused(Sides sides) throws IOException {
    open(sides);
    Files.createSymbolicLink(from.resolve("link"), from.getFileSystem().getPath("nowhere"));
    Files.createDirectory(from.resolve("empty"));
    Files.createDirectory(from.resolve("full"));
    write("full/inside", "content");
    SafeFiles.move(from.resolve("link"), to.resolve("link"));
    SafeFiles.move(from.resolve("empty"), to.resolve("empty"));
    assertThatThrownBy(() -> SafeFiles.move(from.resolve("full"), to.resolve("full")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(Files.readSymbolicLink(to.resolve("link"))).hasToString("nowhere");
    assertThat(names(to)).containsExactly("empty", "link");
    assertThat(names(from)).containsExactly("full");
  }

  private void plantTree() throws IOException {
    Files.createDirectories(from.resolve("tree/deep/deeper"));
    write("tree/a", "A");
    write("tree/deep/deeper/b", "B");
    Files.createSymbolicLink(from.resolve("tree/deep/link"), from.getFileSystem().getPath("../a"));
    Files.setLastModifiedTime(from.resolve("tree/a"), LONG_AGO);
  }

  private void assertTree(Path tree) throws IOException {
    assertThat(names(tree)).containsExactly("a", "deep");
    assertThat(names(tree.resolve("deep"))).containsExactly("deeper", "link");
    assertThat(Files.readString(tree.resolve("deep/deeper/b"))).isEqualTo("B");
    assertThat(Files.readString(tree.resolve("deep/link"))).isEqualTo("A");
    assertThat(Files.isSymbolicLink(tree.resolve("deep/link"))).isTrue();
    assertThat(Files.getLastModifiedTime(tree.resolve("a")).toMillis())
        .isEqualTo(LONG_AGO.toMillis());
  }

  @ParameterizedTest
  @EnumSource
  @Tag("D2")
  void treesAreCopiedAndMoved(Sides sides) throws IOException {
    open(sides);
    plantTree();
    SafeFiles.copyTree(from.resolve("tree"), to.resolve("copy"), COPY_ATTRIBUTES);
    assertTree(to.resolve("copy"));
    assertTree(from.resolve("tree"));
    assertThatThrownBy(() -> SafeFiles.moveTree(from.resolve("tree"), to.resolve("copy")))
        .isInstanceOf(FileAlreadyExistsException.class);
    SafeFiles.moveTree(from.resolve("tree"), to.resolve("moved"));
    assertTree(to.resolve("moved"));
    assertThat(names(to)).containsExactly("copy", "moved");
    assertThat(names(from)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  @Tag("M5")
  void nothingIsExchanged(Sides sides) throws IOException {
    open(sides);
    Path file = write("file", "content");
    Path other = Files.writeString(to.resolve("other"), "other");
    Path staged = Files.createDirectory(from.resolve("staged"));
    Path live = Files.createDirectory(to.resolve("live"));
    assertThatThrownBy(() -> SafeFiles.exchange(file, other))
        .isInstanceOf(GuaranteeUnavailableException.class);
    assertThatThrownBy(() -> SafeFiles.replaceDirectory(staged, live))
        .isInstanceOf(GuaranteeUnavailableException.class);
    assertThat(Files.readString(file)).isEqualTo("content");
    assertThat(Files.readString(other)).isEqualTo("other");
    assertThat(SafeFiles.replaceDirectory(staged, to.resolve("free"))).isEmpty();
    assertThat(names(from)).containsExactly("file");
    assertThat(names(to)).containsExactly("free", "live", "other");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("L4")
  void hardLinksAreRefusedAsAcrossDevices(Sides sides) throws IOException {
    open(sides);
    Path file = write("file", "content");
    Path taken = Files.writeString(to.resolve("taken"), "taken");
    assertThatThrownBy(() -> Files.createLink(to.resolve("link"), file))
        .isExactlyInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Files.createLink(taken, file))
        .isInstanceOf(FileAlreadyExistsException.class);
    try (PinnedFile pinned = SafeFiles.pin(file)) {
      assertThatThrownBy(() -> pinned.linkTo(to.resolve("link")))
          .isExactlyInstanceOf(FileSystemException.class);
    }
    assertThat(names(to)).containsExactly("taken");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("H2")
  void aPinnedFileIsMoved(Sides sides) throws IOException {
    open(sides);
    write("file", "content");
    Files.writeString(to.resolve("taken"), "taken");
    try (PinnedFile pinned = SafeFiles.pin(from.resolve("file"))) {
      assertThatThrownBy(() -> pinned.moveTo(to.resolve("taken")))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(names(from)).containsExactly("file");
      pinned.moveTo(to.resolve("moved"));
    }
    assertThat(Files.readString(to.resolve("moved"))).isEqualTo("content");
    assertThat(names(from)).isEmpty();
    assertThat(names(to)).containsExactly("moved", "taken");
  }

  @ParameterizedTest
  @EnumSource
  @Tag("T1")
  void anAnonymousFileIsPublishedAsACopy(Sides sides) throws IOException {
    open(sides);
    Path taken = Files.writeString(to.resolve("taken"), "taken");
    Path empty = Files.createDirectory(to.resolve("empty"));
    try (AnonymousFile file = SafeFiles.anonymousFile(from)) {
      file.channel().write(ByteBuffer.wrap("content".getBytes(UTF_8)));
      assertThatThrownBy(() -> file.publish(taken)).isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> file.publish(empty, REPLACE_EXISTING))
          .isInstanceOf(FileAlreadyExistsException.class);
      file.publish(to.resolve("free"));
      file.publish(taken, REPLACE_EXISTING);
    }
    assertThat(Files.readString(to.resolve("free"))).isEqualTo("content");
    assertThat(Files.readString(taken)).isEqualTo("content");
    assertThat(empty).isDirectory();
    assertThat(names(to)).containsExactly("empty", "free", "taken");
    assertThat(names(from)).isEmpty();
  }

  /** Jimfs numbers its files from the same number on in each file system. */
  @ParameterizedTest
  @EnumSource
  @Tag("A2")
  void noFileIsTheSameAsOneOfTheOtherSide(Sides sides) throws IOException {
    open(sides);
    for (int i = 0; i < 20; i++) {
      write("f" + i, "content");
      Files.writeString(to.resolve("f" + i), "content");
    }
    for (Path file : List.of(from.resolve("f0"), from.resolve("f7"), from)) {
      try (PinnedFile pinned = SafeFiles.pin(from.resolve("f7"))) {
        for (int i = 0; i < 20; i++) {
          Path other = to.resolve("f" + i);
          assertThat(Files.isSameFile(file, other)).isFalse();
          assertThat(pinned.isAt(other)).isFalse();
        }
      }
    }
    assertThat(Files.mismatch(from.resolve("f0"), to.resolve("f0"))).isEqualTo(-1);
    write("f0", "different");
    for (int i = 0; i < 20; i++) {
      SafeFiles.copy(from.resolve("f0"), to.resolve("f" + i), REPLACE_EXISTING);
      assertThat(Files.readString(to.resolve("f" + i))).isEqualTo("different");
    }
  }

  /** It shows a file only when that is closed, and renames by copying. */
  @Test
  @Tag("G2")
  void aZipFileIsOnlyReadFrom() throws IOException {
    to = rooms.open(Rooms.Kind.AMBIENT, work.resolve("to"));
    URI uri = URI.create("jar:" + JdkPaths.of(work).resolve("file.zip").toUri());
    FileSystem zip = FileSystems.newFileSystem(uri, Map.of("create", "true"));
    from = rooms.over(zip);
    Path entries = zip.getPath("/room");
    Files.createDirectory(entries.resolve("tree"));
    Files.writeString(entries.resolve("tree/file"), "content");
    SafeFiles.copyTree(from.resolve("tree"), to.resolve("tree"), COPY_ATTRIBUTES);
    SafeFiles.copy(from.resolve("tree/file"), to.resolve("file"));
    assertThat(Files.readString(to.resolve("tree/file"))).isEqualTo("content");

    Path entry = from.resolve("entry");
    Path free = to.resolve("free");
    for (ThrowingCallable call :
        List.<ThrowingCallable>of(
            () -> SafeFiles.copy(to.resolve("file"), entry),
            () -> SafeFiles.move(to.resolve("file"), entry),
            () -> SafeFiles.copyTree(to.resolve("tree"), entry),
            () -> SafeFiles.moveTree(to.resolve("tree"), entry),
            () -> SafeFiles.move(from.resolve("tree/file"), free),
            () -> SafeFiles.moveTree(from.resolve("tree"), free))) {
      assertThatThrownBy(call).isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(names(to)).containsExactly("file", "tree");
      assertThat(names(from)).containsExactly("tree");
    }
  }
}
