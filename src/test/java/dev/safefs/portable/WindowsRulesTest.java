package dev.safefs.portable;

import static dev.safefs.portable.Bench.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.RenameResult;
import dev.safefs.request.LinkMode;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Windows does, as far as another provider can be made to do it. */
class WindowsRulesTest {
  private FileSystem fileSystem;
  private Path root;
  private int refusals;

  @BeforeEach
  void open() throws IOException {
    fileSystem = Jimfs.newFileSystem(Configuration.windows());
    root = Files.createDirectories(fileSystem.getPath("C:\\work"));
  }

  @AfterEach
  void close() throws IOException {
    fileSystem.close();
  }

  private Anchor anchor() throws IOException {
    FilteringProvider provider =
        new FilteringProvider(
            fileSystem.provider(),
            call -> {
              if ((call.startsWith("move") || call.equals("delete")) && refusals > 0) {
                refusals--;
                throw refusals % 2 == 0
                    ? new AccessDeniedException("C:\\work")
                    : new FileSystemException(
                        "C:\\work",
                        null,
                        "The process cannot access the file because it is being used by another process.");
              }
            });
    EnumSet<Trait> traits = EnumSet.of(Trait.WINDOWS, Trait.EXCLUSIVE_MOVE);
    return new PortableEngine(provider, fileSystem, Gaps.REFUSED, traits)
        .confine(root, "/", LinkPolicy.BENEATH, MountPolicy.CROSS);
  }

  @Test
  void aFileThatIsOpenElsewhereForAnInstantIsMovedAndDeleted() throws IOException {
    Files.writeString(root.resolve("a"), "A");
    try (Anchor anchor = anchor();
        Dir dir = anchor.openDir(Bench.ROOT, LinkMode.FOLLOW)) {
      refusals = 3;
      assertThat(dir.rename(name("a"), dir, name("b"), Replace.REPLACE))
          .isEqualTo(RenameResult.RENAMED);
      refusals = 3;
      assertThat(dir.unlink(name("b"))).isEqualTo(RemoveResult.REMOVED);
    }
  }

  @Test
  void patienceEndsWithTheDelegatesException() throws IOException {
    Files.writeString(root.resolve("a"), "A");
    try (Anchor anchor = anchor();
        Dir dir = anchor.openDir(Bench.ROOT, LinkMode.FOLLOW)) {
      refusals = Integer.MAX_VALUE;
      assertThatThrownBy(() -> dir.unlink(name("a")))
          .isInstanceOfSatisfying(
              FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/a"));
      assertThat(Integer.MAX_VALUE - refusals).isEqualTo(8);
    }
    assertThat(Files.exists(root.resolve("a"))).isTrue();
  }

  @Test
  void anInterruptEndsPatience() throws IOException {
    Files.writeString(root.resolve("a"), "A");
    try (Anchor anchor = anchor();
        Dir dir = anchor.openDir(Bench.ROOT, LinkMode.FOLLOW)) {
      refusals = Integer.MAX_VALUE;
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> dir.unlink(name("a"))).isInstanceOf(FileSystemException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(Integer.MAX_VALUE - refusals).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CON",
        "nul",
        "Com1",
        "LPT9.txt",
        "aux.tar.gz",
        "con .txt",
        "a:b",
        "a.",
        "a ",
        "a?",
        "COM\u00b9"
      })
  void namesThatAreNoneAreRefused(String text) {
    assertThatThrownBy(() -> WindowsNames.check(text)).isInstanceOf(InvalidPathException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CONSOLE", "com", "COM10", "nul_", ".a", "a.b", "a b", "\u00e4"})
  void otherNamesAreNames(String text) {
    WindowsNames.check(text);
  }

  @Test
  void aReservedNameIsNotOpened() throws IOException {
    try (Anchor anchor = anchor();
        Dir dir = anchor.openDir(Bench.ROOT, LinkMode.FOLLOW)) {
      assertThatThrownBy(() -> dir.create(name("NUL.txt"), 0600))
          .isInstanceOfSatisfying(
              FileSystemException.class, e -> assertThat(e.getFile()).isEqualTo("/NUL.txt"));
    }
  }
}
