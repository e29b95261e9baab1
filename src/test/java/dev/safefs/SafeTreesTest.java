package dev.safefs;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.MoreFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs on trees and directories. */
@Tag("D2")
class SafeTreesTest {
  @TempDir Path dir;
  private Path tree;

  @BeforeEach
  void plant() throws IOException {
    tree = Files.createDirectories(dir.resolve("tree"));
    Files.createDirectories(tree.resolve("sub/deep"));
    Files.writeString(tree.resolve("a"), "A");
    Files.writeString(tree.resolve("sub/deep/b"), "BB");
    Files.createSymbolicLink(tree.resolve("out"), dir);
  }

  private static Path safe(Path path) {
    return Path.of(URI.create("safe://" + path.toUri().getRawPath()));
  }

  private static List<String> found(Path root) throws IOException {
    try (Stream<TreeEntry> entries = SafeFiles.walk(root)) {
      return entries.map(entry -> root.relativize(entry.path()).toString()).sorted().toList();
    }
  }

  @Test
  @Tag("C2")
  void whateverAListenerThrowsLeavesNothingOfACopy() throws IOException {
    TreeOption failing =
        TreeOption.onProgress(
            (entries, bytes, path) -> {
              throw new AssertionError("no further");
            });
    assertThatThrownBy(() -> SafeFiles.copyTree(tree, dir.resolve("copy"), failing))
        .isInstanceOf(AssertionError.class)
        .hasMessage("no further");
    assertThat(dir).isDirectoryNotContaining(entry -> !entry.equals(tree));
  }

  @Test
  void listenersAreToldOfNamesThatAreNoText() throws IOException {
    Path odd = Files.createDirectory(Path.of(URI.create(tree.toUri() + "d%FF")));
    Files.createFile(Path.of(URI.create(odd.toUri() + "f%FE")));
    for (Path root : List.of(tree, safe(tree), odd, safe(odd))) {
      List<Path> told = new ArrayList<>();
      Path copy = root.resolveSibling("copy");
      SafeFiles.copyTree(
          root, copy, TreeOption.onProgress((entries, bytes, path) -> told.add(path)));
      assertThat(told).hasSizeGreaterThan(1).allMatch(path -> Files.exists(path, NOFOLLOW_LINKS));
      SafeFiles.deleteTree(copy);
    }
  }

  @Test
  void aWalkTellsEntriesWithTheirAttributes() throws IOException {
    for (Path root : List.of(tree, safe(tree))) {
      assertThat(found(root)).containsExactly("a", "out", "sub", "sub/deep", "sub/deep/b");
      try (Stream<TreeEntry> entries = SafeFiles.walk(root)) {
        assertThat(entries.filter(entry -> entry.attributes().isRegularFile()))
            .extracting(entry -> entry.attributes().size())
            .containsExactlyInAnyOrder(1L, 2L);
      }
    }
    assertThatThrownBy(() -> SafeFiles.walk(tree.resolve("out"), NOFOLLOW_LINKS))
        .isInstanceOf(NotDirectoryException.class);
    try (Stream<TreeEntry> entries = SafeFiles.walk(tree.resolve("out"))) {
      assertThat(entries.findFirst()).isPresent();
    }
  }

  @Test
  void aTreeIsCopiedMovedAndDeleted() throws IOException {
    Path copy = dir.resolve("copy");
    Path moved = dir.resolve("moved");
    List<Path> told = new ArrayList<>();
    SafeFiles.copyTree(tree, copy, TreeOption.onProgress((entries, bytes, path) -> told.add(path)));
    assertThat(told).contains(tree.resolve("sub/deep/b")).hasSize(6);
    assertThat(found(copy)).isEqualTo(found(tree));
    SafeFiles.moveTree(copy, moved);
    assertThat(copy).doesNotExist();
    assertThat(moved.resolve("sub/deep/b")).hasContent("BB");
    assertThatThrownBy(() -> SafeFiles.copyTree(tree, moved))
        .isInstanceOf(FileAlreadyExistsException.class);
    SafeFiles.deleteTree(moved);
    assertThat(moved).doesNotExist();
    assertThat(tree).exists();
    assertThatThrownBy(() -> SafeFiles.deleteTree(moved)).isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> SafeFiles.moveTree(tree, moved, TreeOption.COLLECT_FAILURES))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aListenerCancels() {
    TreeOption cancel =
        TreeOption.onProgress(
            (entries, bytes, path) -> {
              throw new CancellationException();
            });
    assertThatThrownBy(() -> SafeFiles.copyTree(tree, dir.resolve("copy"), cancel))
        .isInstanceOf(CancellationException.class);
    assertThat(dir).isDirectoryNotContaining("glob:**/{copy,.safefs*}");
    assertThatThrownBy(() -> SafeFiles.deleteTree(tree, cancel))
        .isInstanceOf(CancellationException.class);
    assertThat(tree).exists();
  }

  @Test
  void aHandlerDecidesWhatAFailureMeans() throws IOException {
    Path socket = tree.resolve("socket");
    try (java.nio.channels.ServerSocketChannel channel =
        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX)) {
      channel.bind(java.net.UnixDomainSocketAddress.of(socket));
    }
    List<Path> failed = new ArrayList<>();
    SafeFiles.copyTree(
        tree,
        dir.resolve("copy"),
        TreeOption.onFailure(
            (path, failure) -> {
              failed.add(path);
              return TreeOption.Decision.IGNORE;
            }));
    assertThat(failed).containsExactly(socket);
    assertThatThrownBy(
            () -> SafeFiles.copyTree(tree, dir.resolve("second"), TreeOption.COLLECT_FAILURES))
        .isInstanceOf(FileSystemException.class);
    assertThat(dir.resolve("second/sub/deep/b")).hasContent("BB");
    assertThatThrownBy(() -> SafeFiles.copyTree(tree, dir.resolve("third")))
        .isInstanceOf(FileSystemException.class);
    assertThat(dir.resolve("third")).doesNotExist();
    SafeFiles.deleteTree(tree);
    assertThat(tree).doesNotExist();
  }

  @Test
  void directoriesAreCreatedWhateverIsThere() throws IOException {
    Path deep = tree.resolve("sub/x/../y/z");
    SafeFiles.createDirectories(
        deep, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    SafeFiles.createDirectories(deep);
    assertThat(tree.resolve("sub/x")).isDirectory();
    assertThat(Files.getPosixFilePermissions(tree.resolve("sub/y/z"))).hasSize(3);
    SafeFiles.createDirectories(tree.resolve("out/through"));
    assertThat(dir.resolve("through")).isDirectory();
    assertThatThrownBy(() -> SafeFiles.createDirectories(tree.resolve("a/b")))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.createSymbolicLink(dir.resolve("dangling"), Path.of("nowhere"));
    assertThatThrownBy(() -> SafeFiles.createDirectories(dir.resolve("dangling/x")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(dir.resolve("nowhere")).doesNotExist();
  }

  @Test
  @Tag("R1")
  void directoriesAreCreatedBeneathOnly() throws IOException {
    try (FileSystem confined = FileSystems.newFileSystem(URI.create("safe://" + tree), Map.of())) {
      SafeFiles.createDirectories(confined.getPath("/n/m"));
      assertThat(tree.resolve("n/m")).isDirectory();
      assertThatThrownBy(() -> SafeFiles.createDirectories(confined.getPath("/out/escaped")))
          .isInstanceOf(PathEscapeException.class);
    }
    assertThat(dir.resolve("escaped")).doesNotExist();
  }

  @Test
  void concurrentCreatorsOfDirectoriesAllSucceed() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 50; round++) {
        Path deep = dir.resolve("r" + round + "/a/b/c/d");
        Callable<Path> creator =
            () -> {
              SafeFiles.createDirectories(deep);
              return deep;
            };
        for (Future<Path> made : pool.invokeAll(List.of(creator, creator, creator, creator))) {
          assertThat(made.get()).isDirectory();
        }
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  @Tag("M5")
  void aDirectoryIsPublishedAndTheOldOneHandedBack() throws IOException {
    Path live = dir.resolve("live");
    Path next = Files.createDirectory(dir.resolve("next"));
    assertThat(SafeFiles.replaceDirectory(tree, live)).isEmpty();
    assertThat(live.resolve("a")).hasContent("A");
    assertThat(SafeFiles.replaceDirectory(next, live)).contains(next);
    assertThat(next.resolve("a")).hasContent("A");
    assertThat(live).isEmptyDirectory();
    assertThatThrownBy(() -> SafeFiles.replaceDirectory(tree, live))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> SafeFiles.replaceDirectory(next.resolve("a"), live))
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  @Tag("S1")
  void guavaDeletesASafeTreeWithoutBeingAllowedTheInsecureWay() throws IOException {
    MoreFiles.deleteRecursively(safe(tree));
    assertThat(tree).doesNotExist();
    try (FileSystem confined = FileSystems.newFileSystem(URI.create("safe://" + dir), Map.of())) {
      Files.createDirectories(confined.getPath("/x/y"));
      MoreFiles.deleteRecursively(confined.getPath("/x"));
      assertThat(dir).isEmptyDirectory();
    }
  }
}
