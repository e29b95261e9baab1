package dev.safefs.portable;

import static dev.safefs.portable.Bench.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class DirTest extends OnGround {
  private Dir dir;

  DirTest(Ground ground) {
    super(ground);
  }

  @BeforeEach
  void open() throws IOException {
    dir = bench.dir();
  }

  @AfterEach
  void close() throws IOException {
    dir.close();
  }

  @Test
  void aNameIsLookedUp() throws IOException {
    bench.file("a", "12345");
    bench.directory("d");
    bench.link("l", "nowhere");
    assertThat(dir.stat(name("a")))
        .hasValueSatisfying(stat -> assertThat(stat.sizeBytes()).isEqualTo(5));
    assertThat(dir.stat(name("a")).map(Stat::type)).hasValue(FileType.REGULAR);
    assertThat(dir.stat(name("d")).map(Stat::type)).hasValue(FileType.DIRECTORY);
    assertThat(dir.stat(name("l")).map(Stat::type)).hasValue(FileType.SYMLINK);
    assertThat(dir.stat(name("absent"))).isEmpty();
    assertThat(dir.find(name("absent"))).isEmpty();
  }

  @Test
  void aFileIsFoundAndKeepsItsIdentity() throws IOException {
    bench.file("a", "A");
    try (FileHandle file = dir.find(name("a")).orElseThrow()) {
      assertThat(file.display()).isEqualTo("/a");
      assertThat(file.stat().isSameFile(dir.stat(name("a")).orElseThrow())).isTrue();
      bench.file("b", "B");
      assertThat(file.stat().isSameFile(dir.stat(name("b")).orElseThrow())).isFalse();
    }
  }

  @Test
  void aDirectoryIsOpenedAndNothingElse() throws IOException {
    bench.directory("d");
    bench.file("d/x", "X");
    bench.file("a", "A");
    bench.link("l", "d");
    try (Dir child = dir.openDir(name("d"))) {
      assertThat(Bench.names(child)).containsExactly("x");
      assertThat(child.display(name("x"))).isEqualTo("/d/x");
    }
    assertThatThrownBy(() -> dir.openDir(name("a"))).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> dir.openDir(name("l"))).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> dir.openDir(name("absent")))
        .isInstanceOfSatisfying(
            NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo("/absent"));
  }

  @Test
  void aListingBeginsAtTheBeginningEachTime() throws IOException {
    bench.file("a", "A");
    bench.directory("d");
    assertThat(Bench.names(dir)).containsExactly("a", "d");
    assertThat(Bench.names(dir)).containsExactly("a", "d");
  }

  @Test
  void itselfIsADirectoryAndSyncedIfTheDelegateCan() throws IOException {
    try (FileHandle self = dir.self()) {
      assertThat(self.stat().type()).isEqualTo(FileType.DIRECTORY);
    }
    try {
      dir.sync();
      assertThat(dir.capabilities().mayHave(Capability.SYNC_NAME)).isTrue();
    } catch (GuaranteeUnavailableException e) {
      assertThat(dir.capabilities().mayHave(Capability.SYNC_NAME)).isFalse();
    }
  }

  @Test
  void aFileIsCreatedExclusively() throws IOException {
    try (FileHandle file = dir.create(name("a"), 0600).orElseThrow();
        FileChannel channel = file.channel(Set.of(StandardOpenOption.WRITE))) {
      channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
      assertThat(file.stat().mode()).isEqualTo(0600);
    }
    assertThat(bench.content("a")).isEqualTo("new");
    bench.link("l", "elsewhere");
    assertThat(dir.create(name("a"), 0600)).isEmpty();
    assertThat(dir.create(name("l"), 0600)).isEmpty();
    assertThat(Files.exists(bench.path("elsewhere"))).isFalse();
  }

  @Test
  void directoriesAreCreatedExclusivelyAndPrivate() throws IOException {
    assertThat(dir.mkdir(name("d"), 0700)).isEqualTo(CreateResult.CREATED);
    assertThat(dir.mkdir(name("d"), 0700)).isEqualTo(CreateResult.EXISTS);
    assertThat(dir.stat(name("d")).orElseThrow().mode()).isEqualTo(0700);
  }

  @Test
  void symbolicLinksAreCreatedExclusively() throws IOException {
    assertThat(dir.symlink("d/x", name("l"))).isEqualTo(CreateResult.CREATED);
    assertThat(dir.symlink("other", name("l"))).isEqualTo(CreateResult.EXISTS);
    try (FileHandle link = dir.find(name("l")).orElseThrow()) {
      assertThat(link.readLink()).isEqualTo("d/x");
    }
  }

  @Test
  void specialAndNamelessFilesAreNotSupported() throws IOException {
    bench.file("a", "A");
    Stat like = dir.stat(name("a")).orElseThrow();
    assertThat(dir.mknod(name("fifo"), like)).isEqualTo(CreateResult.UNSUPPORTED);
    assertThat(dir.mknod(name("a"), like)).isEqualTo(CreateResult.EXISTS);
    assertThat(dir.anonymous(0600)).isEmpty();
    assertThat(dir.capabilities().mayHave(Capability.ANONYMOUS_FILE)).isFalse();
  }

  @Test
  @Tag("L4")
  void aHardLinkIsAnotherNameOfTheFile() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    try (FileHandle file = dir.find(name("a")).orElseThrow()) {
      assertThat(dir.link(file, name("b"))).isEqualTo(CreateResult.EXISTS);
      assertThat(dir.link(file, name("h"))).isEqualTo(CreateResult.CREATED);
      assertThat(file.stat().linkCount()).isEqualTo(2);
      assertThat(dir.stat(name("h")).orElseThrow().isSameFile(file.stat())).isTrue();
    }
    assertThat(bench.content("h")).isEqualTo("A");
  }

  @Test
  void aHardLinkOfASymbolicLinkIsOneOrNothing() throws IOException {
    bench.file("a", "A");
    bench.link("l", "a");
    try (FileHandle link = dir.find(name("l")).orElseThrow()) {
      if (dir.link(link, name("h")) == CreateResult.CREATED) {
        assertThat(Files.isSymbolicLink(bench.path("h"))).isTrue();
      } else {
        assertThat(bench.names()).containsExactly("a", "l");
      }
    }
  }

  @Test
  @Tag("M2")
  void aRenameReplacesAFile() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    assertThat(dir.rename(name("a"), dir, name("b"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(bench.content("b")).isEqualTo("A");
    assertThat(bench.names()).containsExactly("b");
  }

  @Test
  @Tag("M1")
  void aRenameThatIsNotToReplaceReplacesNothing() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    assertThat(dir.rename(name("a"), dir, name("b"), Replace.NO_REPLACE))
        .isEqualTo(RenameResult.EXISTS);
    RenameResult free = dir.rename(name("a"), dir, name("c"), Replace.NO_REPLACE);
    boolean exclusive = dir.capabilities().mayHave(Capability.RENAME_NO_REPLACE);
    assertThat(free).isEqualTo(exclusive ? RenameResult.RENAMED : RenameResult.UNSUPPORTED);
    assertThat(bench.content("b")).isEqualTo("B");
    assertThat(bench.names())
        .containsExactly(exclusive ? new String[] {"b", "c"} : new String[] {"a", "b"});
  }

  @Test
  @Tag("M5")
  void namesAreNotExchanged() throws IOException {
    bench.file("a", "A");
    bench.file("b", "B");
    assertThat(dir.rename(name("a"), dir, name("b"), Replace.EXCHANGE))
        .isEqualTo(RenameResult.UNSUPPORTED);
    assertThat(bench.content("a")).isEqualTo("A");
  }

  @Test
  void anAbsentSourceIsToldByAllKindsOfRename() throws IOException {
    bench.file("b", "B");
    assertThat(dir.rename(name("a"), dir, name("b"), Replace.REPLACE))
        .isEqualTo(RenameResult.ABSENT);
    assertThat(dir.rename(name("a"), dir, name("c"), Replace.NO_REPLACE))
        .isEqualTo(RenameResult.ABSENT);
    assertThat(bench.content("b")).isEqualTo("B");
  }

  @Test
  void aDirectoryReplacesAnEmptyOneOnly() throws IOException {
    bench.directory("d");
    bench.file("d/x", "X");
    bench.directory("empty");
    bench.directory("full");
    bench.file("full/y", "Y");
    assertThat(dir.rename(name("d"), dir, name("full"), Replace.REPLACE))
        .isEqualTo(RenameResult.NOT_EMPTY);
    assertThat(dir.rename(name("d"), dir, name("empty"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(bench.content("empty/x")).isEqualTo("X");
    assertThat(bench.names()).containsExactly("empty", "full");
  }

  @Test
  void filesAndDirectoriesDoNotReplaceEachOther() throws IOException {
    bench.file("a", "A");
    bench.directory("d");
    assertThat(dir.rename(name("a"), dir, name("d"), Replace.REPLACE))
        .isEqualTo(RenameResult.TYPE_MISMATCH);
    assertThat(dir.rename(name("d"), dir, name("a"), Replace.REPLACE))
        .isEqualTo(RenameResult.TYPE_MISMATCH);
    assertThat(bench.names()).containsExactly("a", "d");
  }

  @Test
  void aDirectoryIsNotMovedIntoItself() throws IOException {
    bench.directory("d");
    try (Dir inside = dir.openDir(name("d"))) {
      assertThatThrownBy(() -> dir.rename(name("d"), inside, name("x"), Replace.REPLACE))
          .isInstanceOf(IOException.class)
          .hasMessageNotContaining("work")
          .hasMessageNotContaining("safefs-portable");
    }
    assertThat(bench.names("d")).isEmpty();
  }

  @Test
  @Tag("M4")
  void aRenameBetweenTwoNamesOfAFileChangesNothing() throws IOException {
    bench.file("a", "A");
    Files.createLink(bench.path("h"), bench.path("a"));
    assertThat(dir.rename(name("a"), dir, name("h"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(dir.rename(name("a"), dir, name("a"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(bench.names()).containsExactly("a", "h");
  }

  @Test
  void aNameIsRespelt() throws IOException {
    boolean folds = Ground.foldsCase(root);
    bench.file("case", "A");
    Replace replace =
        folds || dir.capabilities().mayHave(Capability.RENAME_NO_REPLACE)
            ? Replace.NO_REPLACE
            : Replace.REPLACE;
    assertThat(dir.rename(name("case"), dir, name("CASE"), replace))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(bench.names()).containsExactly("CASE");
    assertThat(dir.rename(name("CASE"), dir, name("Case"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(Bench.names(dir)).containsExactly("Case");
    assertThat(bench.content("Case")).isEqualTo("A");
  }

  @Test
  void aFullDirectoryIsRespelt() throws IOException {
    bench.directory("d");
    bench.file("d/x", "X");
    assertThat(dir.rename(name("d"), dir, name("D"), Replace.REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(bench.names()).containsExactly("D");
    assertThat(bench.content("D/x")).isEqualTo("X");
  }

  @Test
  @Tag("D3")
  void removalsTellWhatTheyFound() throws IOException {
    bench.file("a", "A");
    bench.directory("d");
    bench.directory("full");
    bench.file("full/x", "X");
    bench.link("l", "full");
    assertThat(dir.unlink(name("d"))).isEqualTo(RemoveResult.IS_DIRECTORY);
    assertThat(dir.rmdir(name("a"))).isEqualTo(RemoveResult.NOT_DIRECTORY);
    assertThat(dir.rmdir(name("l"))).isEqualTo(RemoveResult.NOT_DIRECTORY);
    assertThat(dir.rmdir(name("full"))).isEqualTo(RemoveResult.NOT_EMPTY);
    assertThat(dir.unlink(name("absent"))).isEqualTo(RemoveResult.ABSENT);
    assertThat(dir.rmdir(name("absent"))).isEqualTo(RemoveResult.ABSENT);
    assertThat(dir.unlink(name("a"))).isEqualTo(RemoveResult.REMOVED);
    assertThat(dir.unlink(name("l"))).isEqualTo(RemoveResult.REMOVED);
    assertThat(dir.rmdir(name("d"))).isEqualTo(RemoveResult.REMOVED);
    assertThat(bench.names()).containsExactly("full");
  }

  @Test
  @Tag("R1")
  void aNameThatTheDelegateReadsAsAPathIsRefused() throws IOException {
    if (!root.getFileSystem().getSeparator().equals("\\")) {
      return;
    }
    bench.directory("d");
    bench.file("d/x", "X");
    assertThatThrownBy(() -> dir.stat(name("d\\x"))).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> dir.create(name("..\\x"), 0600))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> dir.mkdir(name("C:"), 0700)).isInstanceOf(FileSystemException.class);
  }

  @Test
  void aNameThatIsNoTextLosesNothing() throws IOException {
    if (!root.getFileSystem().provider().getScheme().equals("file")) {
      return;
    }
    Path raw = root.getFileSystem().provider().getPath(URI.create(root.toUri() + "%ff%20x"));
    Files.writeString(raw, "raw");
    assertThat(Bench.names(dir)).containsExactly("\uDCFF x");
    assertThat(dir.stat(name("\uDCFF x"))).isPresent();
    assertThat(dir.unlink(name("\uDCFF x"))).isEqualTo(RemoveResult.REMOVED);
  }

  @Test
  @Tag("L3")
  void aHandleFollowsARenameOfThisEngine() throws IOException {
    bench.directory("d");
    try (Dir other = dir.openDir(name("d"));
        FileHandle file = dir.create(name("a"), 0600).orElseThrow()) {
      dir.rename(name("a"), other, name("b"), Replace.REPLACE);
      assertThat(file.stat().isSameFile(other.stat(name("b")).orElseThrow())).isTrue();
      assertThat(file.stat().linkCount()).isEqualTo(1);
      other.unlink(name("b"));
      assertThat(file.stat().linkCount()).isZero();
      assertThat(Optional.of(file.stat().type())).hasValue(FileType.REGULAR);
    }
  }

  @Test
  void aDirectoryInUseFollowsARenameOfThisEngine() throws IOException {
    bench.directory("d");
    try (Dir child = dir.openDir(name("d"))) {
      dir.rename(name("d"), dir, name("e"), Replace.REPLACE);
      assertThat(child.mkdir(name("x"), 0700)).isEqualTo(CreateResult.CREATED);
      child.create(name("f"), 0600).orElseThrow().close();
    }
    assertThat(bench.names("e")).containsExactly("f", "x");
  }
}
