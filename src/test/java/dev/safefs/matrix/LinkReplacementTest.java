package dev.safefs.matrix;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import demo.Adversary;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Links that are replaced on another file system than that of temporary files, and lead to a third
 * one.
 */
@Tag("root")
@Tag("L1")
class LinkReplacementTest {
  private static final int FLIPS = 200;

  /** On the file system of temporary files. */
  @TempDir Path temporary;

  private static Path safe(Path path) {
    return Path.of(URI.create("safe:///")).resolve(path.toString());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  /** What replaces a link. */
  private interface Flip {
    void to(Path link, Path target) throws IOException;
  }

  /** Returns how often a reader that follows the link found nothing. */
  private static long absences(Path link, Flip flip, Path... targets) throws Exception {
    AtomicLong reads = new AtomicLong();
    AtomicLong absent = new AtomicLong();
    Adversary.Step look =
        () -> {
          if (!Files.exists(link)) {
            absent.incrementAndGet();
          }
          reads.incrementAndGet();
        };
    try (Adversary ignored = new Adversary(look)) {
      for (int i = 0; i < FLIPS || reads.get() < FLIPS; i++) {
        flip.to(link, targets[i % targets.length]);
      }
    }
    return absent.get();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXFAT_FUSE")
  void theLinkIsOnNeitherFileSystem(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind);
        Mount third = Mount.of(FileSystemKind.TMPFS)) {
      Path dir = Files.createDirectory(mount.root().resolve("dir"));
      Path link = dir.resolve("link");
      Path one = Files.writeString(third.root().resolve("one"), "one");
      Path two = Files.writeString(temporary.resolve("two"), "two");
      assertThat(Files.getAttribute(dir, "unix:dev"))
          .isNotEqualTo(Files.getAttribute(temporary, "unix:dev"))
          .isNotEqualTo(Files.getAttribute(one, "unix:dev"));

      SafeFiles.replaceSymbolicLink(safe(link), safe(one));
      assertThat(Files.readSymbolicLink(link)).isEqualTo(one);
      long missed = absences(link, (l, t) -> SafeFiles.replaceSymbolicLink(safe(l), t), one, two);
      if (kind.isPoor()) {
        assertServerLoses(link, missed, one, two);
      } else {
        assertThat(missed).isZero();
      }
      SafeFiles.replaceSymbolicLink(safe(link), safe(two));
      assertThat(Files.readString(link)).isEqualTo("two");
      assertThat(names(dir)).containsExactly("link");

      // control: a link staged where temporary files are cannot be renamed here
      Path staged = Files.createSymbolicLink(temporary.resolve("staged"), one);
      assertThatThrownBy(() -> Files.move(staged, link, ATOMIC_MOVE))
          .isInstanceOf(AtomicMoveNotSupportedException.class);
      Flip viaTemporary =
          (l, t) -> {
            Path made = Files.createSymbolicLink(temporary.resolve("another"), t);
            Files.move(made, l, REPLACE_EXISTING);
          };
      long absent = 0;
      for (int i = 0; i < 100 && absent == 0; i++) {
        absent = absences(link, viaTemporary, one, two);
      }
      assertThat(absent).as("control: by a copy").isPositive();
    }
  }

  /**
   * A server that knows files by path answers ENOENT to who has looked the old link up and reads it
   * after the rename: so it does after any rename, by one call within the directory.
   */
  private static void assertServerLoses(Path link, long missed, Path... targets) throws Exception {
    Flip rename =
        (l, t) ->
            Files.move(Files.createSymbolicLink(l.resolveSibling("staged"), t), l, ATOMIC_MOVE);
    long lost = 0;
    for (int i = 0; i < 100 && missed > 0 && lost == 0; i++) {
      lost = absences(link, rename, targets);
    }
    assertThat(missed == 0 || lost > 0).as("missed %d, rename(2): %d", missed, lost).isTrue();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EXFAT_FUSE")
  @Tag("L2")
  void compareAndSwapIsExactOrRefused(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind);
        Mount third = Mount.of(FileSystemKind.TMPFS)) {
      Path link = mount.root().resolve("link");
      Path one = third.root().resolve("one");
      Path two = temporary.resolve("two");
      Files.createSymbolicLink(link, one);
      assertThat(SafeFiles.replaceSymbolicLink(safe(link), two, one)).isFalse();
      if (kind.isPoor()) {
        assertThatThrownBy(() -> SafeFiles.replaceSymbolicLink(safe(link), one, two))
            .isInstanceOf(GuaranteeUnavailableException.class);
        assertThat(Files.readSymbolicLink(link)).isEqualTo(one);
      } else {
        assertThat(SafeFiles.replaceSymbolicLink(safe(link), one, two)).isTrue();
        assertThat(Files.readSymbolicLink(link)).isEqualTo(two);
      }
      assertThat(names(mount.root())).noneMatch(name -> name.startsWith(".safefs-"));
    }
  }
}
