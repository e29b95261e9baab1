package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
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
import dev.safefs.Strictness;
import dev.safefs.op.Copier;
import dev.safefs.op.Deleter;
import dev.safefs.op.Directories;
import dev.safefs.op.Linker;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.op.PendingWrite;
import dev.safefs.op.RealPath;
import dev.safefs.op.SameFile;
import dev.safefs.op.TreeOps;
import dev.safefs.op.TreePlan;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The operations, as written for Linux, over other providers. */
@ParameterizedClass
@EnumSource(Ground.class)
class OperationsTest extends OnGround {
  private static final SafeConfig STRICT = SafeConfig.confined();
  private static final SafeConfig BEST_EFFORT = STRICT.with("strictness", Strictness.BEST_EFFORT);

  OperationsTest(Ground ground) {
    super(ground);
  }

  private FileChannel channel(String text, OpenOption... options) throws IOException {
    return Opener.open(bench.place(text), OpenRequest.parse(Set.of(options), STRICT));
  }

  private void write(String text, String content) throws IOException {
    try (FileChannel channel = channel(text, WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(bytes(content));
    }
  }

  private static ByteBuffer bytes(String content) {
    return ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
  }

  private void move(String from, String to, CopyOption... options) throws IOException {
    Mover.move(bench.place(from), bench.place(to), MoveRequest.parse(options));
  }

  private void copy(String from, String to, CopyOption... options) throws IOException {
    Copier.copy(bench.place(from), bench.place(to), CopyRequest.parse(options));
  }

  @Test
  @Tag("W1")
  void aWholeFileAppearsOnClose() throws IOException {
    try (FileChannel channel = channel("a", WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(bytes("new"));
      assertThat(Files.exists(bench.path("a"))).isFalse();
    }
    assertThat(bench.content("a")).isEqualTo("new");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("W1")
  void aWholeFileIsReplacedOnClose() throws IOException {
    bench.file("a", "old");
    try (FileChannel channel = channel("a", WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(bytes("new"));
      assertThat(bench.content("a")).isEqualTo("old");
    }
    assertThat(bench.content("a")).isEqualTo("new");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("W4")
  void aReplacedFileKeepsItsMode() throws IOException {
    bench.file("a", "old");
    try (var file = bench.open("a")) {
      file.setMode(0640);
    }
    write("a", "new");
    try (var file = bench.open("a")) {
      assertThat(file.stat().mode())
          .isEqualTo(Ground.has(root.getFileSystem(), "posix") ? 0640 : 0600);
    }
  }

  @Test
  @Tag("W2")
  void anAbandonedWriteLeavesNothing() throws IOException {
    bench.file("a", "old");
    try (PendingWrite write =
        PendingWrite.open(
            bench.place("a"),
            OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), STRICT))) {
      write.channel().write(bytes("new"));
    }
    assertThat(bench.content("a")).isEqualTo("old");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("W3")
  void forcePublishes() throws IOException {
    try (FileChannel channel = channel("a", WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(bytes("first"));
      channel.force(true);
      assertThat(bench.content("a")).isEqualTo("first");
      channel.write(bytes(" second"));
    }
    assertThat(bench.content("a")).isEqualTo("first second");
    assertThat(bench.names()).containsExactly("a");
  }

  @Test
  @Tag("W5")
  void appendAndCreateNewActInPlace() throws IOException {
    try (FileChannel channel = channel("a", WRITE, CREATE_NEW)) {
      channel.write(bytes("one"));
      assertThat(bench.content("a")).isEqualTo("one");
    }
    try (FileChannel channel = channel("a", APPEND)) {
      channel.write(bytes(" two"));
    }
    assertThat(bench.content("a")).isEqualTo("one two");
    assertThatThrownBy(() -> channel("a", WRITE, CREATE_NEW))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> channel("b", READ)).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @Tag("M1")
  void aMoveTakesAFreeNameAndNoOther() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    bench.directory("d");
    move("a", "d/c");
    assertThat(bench.content("d/c")).isEqualTo("A");
    assertThatThrownBy(() -> move("b", "d/c")).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> move("b", "d")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(bench.names()).containsExactly("b", "d");
    assertThat(bench.names("d")).containsExactly("c");
  }

  @Test
  @Tag("M1")
  void directoriesAndLinksMoveToFreeNames() throws IOException {
    bench.directory("d");
    bench.file("d/x", "X");
    bench.link("l", "d");
    move("d", "e");
    move("l", "m");
    assertThat(bench.names()).containsExactly("e", "m");
    assertThat(bench.content("e/x")).isEqualTo("X");
    assertThat(Files.isSymbolicLink(bench.path("m"))).isTrue();
  }

  @Test
  @Tag("M2")
  void aMoveReplacesIfAsked() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    move("a", "b", REPLACE_EXISTING);
    assertThat(bench.content("b")).isEqualTo("A");
    bench.file("c", "C");
    move("b", "c", ATOMIC_MOVE);
    assertThat(bench.content("c")).isEqualTo("A");
    bench.directory("full");
    bench.file("full/x", "X");
    assertThatThrownBy(() -> move("c", "full", REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(bench.names()).containsExactly("c", "full");
  }

  @Test
  @Tag("M2")
  void otherTypesAreReplacedWithAGapOrNotAtAll() throws IOException {
    bench.file("a", "A");
    bench.directory("d");
    assertThatThrownBy(() -> move("a", "d", REPLACE_EXISTING))
        .isInstanceOf(GuaranteeUnavailableException.class);
    assertThat(bench.names()).containsExactly("a", "d");
    Mover.move(
        bench.place("a", BEST_EFFORT),
        bench.place("d", BEST_EFFORT),
        MoveRequest.parse(REPLACE_EXISTING));
    assertThat(bench.names()).containsExactly("d");
    assertThat(bench.content("d")).isEqualTo("A");
  }

  @Test
  @Tag("M4")
  void aMoveOntoItselfChangesNothingAndARespellingRenames() throws IOException {
    bench.file("case", "A");
    move("case", "case");
    assertThat(bench.names()).containsExactly("case");
    move("case", "CASE");
    assertThat(bench.names()).containsExactly("CASE");
    if (Files.exists(bench.path("case"))) {
      assertThatThrownBy(() -> channel("case", WRITE, CREATE_NEW))
          .isInstanceOf(FileAlreadyExistsException.class);
      write("case", "new");
      assertThat(bench.content("CASE")).isEqualTo("new");
      assertThat(bench.names()).hasSize(1);
    }
  }

  @Test
  @Tag("C2")
  void copiesAreWholeAndExclusive() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    copy("a", "c");
    assertThat(bench.content("c")).isEqualTo("A");
    assertThatThrownBy(() -> copy("a", "b")).isInstanceOf(FileAlreadyExistsException.class);
    copy("a", "b", REPLACE_EXISTING);
    assertThat(bench.content("b")).isEqualTo("A");
    assertThat(bench.names()).containsExactly("a", "b", "c");
  }

  @Test
  @Tag("C3")
  void attributesAreCopiedIfAsked() throws IOException {
    Files.setLastModifiedTime(bench.file("a", "A"), FileTime.fromMillis(86_400_000));
    copy("a", "b", COPY_ATTRIBUTES);
    assertThat(Files.getLastModifiedTime(bench.path("b")))
        .isEqualTo(FileTime.fromMillis(86_400_000));
  }

  @Test
  @Tag("L1")
  void linksAreCreatedReadAndReplaced() throws IOException {
    bench.file("a", "A");
    Linker.createSymbolicLink(bench.place("l"), "a", InitialAttributes.NONE);
    assertThat(Linker.readSymbolicLink(bench.place("l"))).isEqualTo("a");
    Linker.replaceSymbolicLink(bench.place("l"), "b");
    assertThat(Linker.readSymbolicLink(bench.place("l"))).isEqualTo("b");
    Linker.createLink(bench.place("h"), bench.place("a"));
    assertThat(SameFile.isSame(bench.place("a"), bench.place("h"))).isTrue();
    assertThat(bench.names()).containsExactly("a", "h", "l");
  }

  @Test
  @Tag("D1")
  void namesAreDeleted() throws IOException {
    Directories.create(bench.place("d"), InitialAttributes.NONE);
    bench.file("d/x", "X");
    assertThatThrownBy(() -> Deleter.delete(bench.place("d")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    Deleter.delete(bench.place("d/x"));
    Deleter.delete(bench.place("d"));
    assertThat(Deleter.deleteIfExists(bench.place("d"))).isFalse();
    assertThat(bench.names()).isEmpty();
  }

  @Test
  @Tag("D1")
  void aTemporaryFileIsGoneInTheEnd() throws IOException {
    SafeConfig config = BEST_EFFORT;
    try (FileChannel channel =
        Opener.open(
            bench.place("t", config),
            OpenRequest.parse(Set.of(WRITE, CREATE_NEW, DELETE_ON_CLOSE), config))) {
      channel.write(bytes("x"));
    }
    if (!root.getFileSystem().provider().getScheme().equals("memory")) {
      assertThat(bench.names()).isEmpty();
    }
  }

  @Test
  @Tag("D2")
  void treesAreCopiedMovedAndDeleted() throws IOException {
    bench.directory("d");
    bench.directory("d/e");
    bench.file("d/e/x", "X");
    TreeOps.copyTree(bench.place("d"), bench.place("c"), CopyRequest.parse(), TreePlan.STOP);
    assertThat(bench.content("c/e/x")).isEqualTo("X");
    TreeOps.moveTree(bench.place("c"), bench.place("m"), MoveRequest.parse(), TreePlan.STOP);
    assertThat(bench.content("m/e/x")).isEqualTo("X");
    TreeOps.deleteTree(bench.place("d"), TreePlan.STOP);
    assertThat(bench.names()).containsExactly("m");
  }

  @Test
  @Tag("A2")
  void theRealPathIsThatOfTheFile() throws IOException {
    bench.directory("d");
    bench.file("d/x", "X");
    bench.link("l", "d");
    assertThat(RealPath.resolve(bench.place("l/x"), LinkMode.FOLLOW)).isEqualTo(bench.shown("d/x"));
  }

  /** memoryfilesystem does what it is asked, and the directory is nowhere then. */
  @Test
  @Tag("M1")
  void aDirectoryIsNotMovedIntoItself() throws IOException {
    bench.directory("d");
    bench.directory("d/e");
    bench.file("d/e/x", "X");
    for (String target : new String[] {"d/z", "d/e/z"}) {
      assertThatThrownBy(
              () -> Mover.move(bench.place("d"), bench.place(target), MoveRequest.parse()))
          .isInstanceOf(FileSystemException.class);
      assertThat(bench.names()).containsExactly("d");
      assertThat(bench.content("d/e/x")).isEqualTo("X");
    }
  }
}
