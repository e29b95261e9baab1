package dev.safefs.matrix;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.PinnedFile;
import dev.safefs.SafeFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is in the lower layer of an overlay, as all files of a container's image are: the first
 * rename, link or exchange copies it up, which changes its time of birth, and its number, too, if
 * it has several names; and it still is that file.
 */
@Tag("root")
@ParameterizedClass
@EnumSource
class LowerLayerTest {
  /** How many names the file has in the layer. */
  enum Names {
    ONE,
    TWO
  }

  @Parameter Names there;
  private Mount mount;
  private Mount other;
  private Path file;
  private Path link;
  private Path dir;

  private static Path safe(Path path) {
    return Path.of(URI.create("safe:///")).resolve(path.toString());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS).fileKey();
  }

  @BeforeEach
  void mount() throws IOException {
    mount = Mount.of(FileSystemKind.OVERLAY);
    if (there == Names.TWO) {
      Path back = mount.root().resolveSibling("back");
      Files.createLink(back.resolve("twin"), back.resolve("lower/directory/inner"));
    }
    other = Mount.of(FileSystemKind.TMPFS);
    dir = mount.root().resolve("directory");
    file = dir.resolve("inner");
    link = dir.resolve("link");
  }

  @AfterEach
  void unmount() throws IOException {
    mount.close();
    other.close();
  }

  @Test
  @Tag("M3")
  void itMovesToAnotherMount() throws IOException {
    for (Path source : List.of(link, file)) {
      Files.move(safe(source), safe(other.root().resolve(source.getFileName())));
    }
    assertThat(names(dir)).isEmpty();
    assertThat(Files.readString(other.root().resolve("link"))).isEqualTo("inner");
  }

  @Test
  @Tag("M3")
  void soDoesAnEmptyDirectory() throws IOException {
    Files.delete(link);
    Files.delete(file);
    Files.move(safe(dir), safe(other.root().resolve("directory")));
    assertThat(names(mount.root())).isEmpty();
    assertThat(names(other.root())).containsExactly("directory");
  }

  @Test
  @Tag("M2")
  void itIsReplacedByADirectoryAndBack() throws IOException {
    Path made = Files.createDirectory(mount.root().resolve("made"));
    Files.move(safe(made), safe(file), REPLACE_EXISTING);
    assertThat(file).isDirectory();
    Files.writeString(made, "made");
    Files.move(safe(made), safe(file), REPLACE_EXISTING);
    assertThat(Files.readString(file)).isEqualTo("made");
    assertThat(names(mount.root())).containsExactly("directory");
  }

  @Test
  @Tag("H2")
  void aPinnedOneIsDeletedAndMoved() throws IOException {
    try (PinnedFile pinned = SafeFiles.pin(safe(link), NOFOLLOW_LINKS)) {
      pinned.moveTo(safe(dir.resolve("moved")));
      assertThat(pinned.isAt(safe(dir.resolve("moved")))).isTrue();
    }
    try (PinnedFile pinned = SafeFiles.pin(safe(file))) {
      pinned.linkTo(safe(dir.resolve("second")));
      pinned.delete();
    }
    assertThat(names(dir)).containsExactly("moved", "second");
  }

  @Test
  @Tag("D1")
  void itIsDeletedIfItIsTheSame() throws IOException {
    assertThat(SafeFiles.deleteIfSame(safe(file), key(link))).isFalse();
    assertThat(SafeFiles.deleteIfSame(safe(file), key(file))).isTrue();
    assertThat(SafeFiles.deleteIfSame(safe(link), key(link))).isTrue();
    assertThat(names(dir)).isEmpty();
  }

  @Test
  @Tag("L2")
  void itIsSwappedIfItIsTheSame() throws IOException {
    assertThat(SafeFiles.replaceSymbolicLink(safe(link), Path.of("inner"), Path.of("swapped")))
        .isTrue();
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("swapped"));
    byte[] content = "new".getBytes(StandardCharsets.UTF_8);
    assertThat(SafeFiles.replaceIfSame(safe(file), key(link), out -> out.write(content))).isFalse();
    assertThat(SafeFiles.replaceIfSame(safe(file), key(file), out -> out.write(content))).isTrue();
    assertThat(Files.readString(file)).isEqualTo("new");
    assertThat(names(dir)).containsExactly("inner", "link");
  }

  @Test
  @Tag("D2")
  void itsTreeIsMovedAndDeleted() throws IOException {
    SafeFiles.moveTree(safe(dir), safe(other.root().resolve("tree")));
    assertThat(names(mount.root())).isEmpty();
    assertThat(names(other.root().resolve("tree"))).containsExactly("inner", "link");
  }

  @Test
  @Tag("W1")
  void itIsRewrittenCopiedAndMoved() throws IOException {
    Files.writeString(safe(file), "rewritten");
    assertThat(Files.readString(file)).isEqualTo("rewritten");
    Files.copy(safe(file), safe(dir.resolve("copy")));
    Files.move(safe(file), safe(dir.resolve("moved")));
    assertThat(names(dir)).containsExactly("copy", "link", "moved");
  }

  @Test
  @Tag("M1")
  void itIsMovedAndLinkedAsItIs() throws IOException {
    Files.createLink(safe(dir.resolve("second")), safe(file));
    Files.move(safe(file), safe(dir.resolve("moved")));
    Files.move(safe(dir.resolve("moved")), safe(dir.resolve("second")), REPLACE_EXISTING);
    SafeFiles.exchange(safe(dir.resolve("second")), safe(link));
    assertThat(Files.readString(link)).isEqualTo("inner");
    assertThat(Files.readSymbolicLink(dir.resolve("second"))).isEqualTo(Path.of("inner"));
  }
}
