package dev.safefs.op;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.InMemory;
import dev.safefs.Requirement;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.FileType;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("D2")
class TreeCopyTest {
  @TempDir Path dir;

  @TempDir(factory = InMemory.class)
  Path memory;

  private Scene scene;

  @BeforeEach
  void plant() throws IOException {
    scene = Scene.confined(dir);
    scene.directory("tree");
    scene.directory("tree/sub");
    scene.directory("tree/closed");
    scene.file("tree/closed/c", "C");
    scene.file("tree/sub/f", "F");
    scene.file("tree/g", "G");
    scene.link("tree/l", "../outside");
    scene.fifo("tree/fifo");
    Scene.run("chmod", "0751", scene.path("tree/sub").toString());
    Scene.run("chmod", "0555", scene.path("tree/closed").toString());
    Files.setLastModifiedTime(scene.path("tree/sub"), FileTime.fromMillis(1_200_000_000_000L));
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
    Scene.run("chmod", "-R", "u+rwx", dir.toString());
  }

  private void copyTree(String source, String target, TreePlan plan, CopyOption... options)
      throws IOException {
    TreeOps.copyTree(scene.place(source), scene.place(target), CopyRequest.parse(options), plan);
  }

  private List<String> walk(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      return tree.map(path -> root.relativize(path).toString()).sorted().toList();
    }
  }

  @Test
  void aTreeIsCopiedWithItsAttributes() throws IOException {
    copyTree("tree", "plain", TreePlan.STOP);
    copyTree("tree", "kept", TreePlan.STOP, COPY_ATTRIBUTES);
    for (String copy : new String[] {"plain", "kept"}) {
      assertThat(walk(scene.path(copy))).isEqualTo(walk(scene.path("tree")));
      assertThat(scene.content(copy + "/sub/f")).isEqualTo("F");
      assertThat(scene.stat(copy + "/l").type()).isEqualTo(FileType.SYMLINK);
      assertThat(scene.stat(copy + "/fifo").type()).isEqualTo(FileType.FIFO);
      assertThat(scene.stat(copy + "/sub").mode()).isEqualTo(0751);
      assertThat(scene.stat(copy + "/closed").mode()).isEqualTo(0555);
    }
    assertThat(scene.stat("kept/sub").modified().toEpochMilli()).isEqualTo(1_200_000_000_000L);
    assertThat(scene.names()).containsExactly("kept", "plain", "tree");
  }

  @Test
  void aTreeIsCopiedIntoItself() throws IOException {
    copyTree("tree", "tree/copy", TreePlan.STOP);
    assertThat(scene.names("tree/copy")).containsExactly("closed", "fifo", "g", "l", "sub");
  }

  @Test
  @Tag("C2")
  void theTargetIsKeptOrReplacedAsAsked() throws IOException {
    scene.directory("empty");
    scene.file("file", "X");
    assertThatThrownBy(() -> copyTree("tree", "file", TreePlan.STOP))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> copyTree("empty", "tree", TreePlan.STOP, REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class);
    copyTree("tree", "file", TreePlan.STOP, REPLACE_EXISTING);
    copyTree("tree", "empty", TreePlan.STOP, REPLACE_EXISTING);
    assertThat(scene.content("file/g")).isEqualTo("G");
    assertThat(scene.content("empty/g")).isEqualTo("G");
    assertThat(scene.names()).containsExactly("empty", "file", "tree");
  }

  @Test
  void whatEndsACopyLeavesNothingOfIt() throws IOException {
    TreePlan cancelling =
        new TreePlan(
            TreePlan.COLLECT.failures(),
            (entries, bytes, path) -> {
              if (entries == 3) {
                throw new CancellationException();
              }
            });
    assertThatThrownBy(() -> copyTree("tree", "copy", cancelling))
        .isInstanceOf(CancellationException.class);
    assertThat(scene.names()).containsExactly("tree");
  }

  @Test
  void aTreeIsWalked() throws IOException {
    try (TreeWalk walk = TreeOps.walk(scene.place("tree"), LinkMode.NOFOLLOW)) {
      assertThat(walk.stream().map(TreeOps.TreeEntry::relative))
          .containsExactlyInAnyOrder("sub", "sub/f", "closed", "closed/c", "g", "l", "fifo");
    }
    assertThatThrownBy(() -> TreeOps.walk(scene.place("tree/g"), LinkMode.NOFOLLOW))
        .isInstanceOf(NotDirectoryException.class);
  }

  @Test
  @Tag("M1")
  void aTreeIsMovedByOneRename() throws IOException {
    TreeOps.moveTree(scene.place("tree"), scene.place("moved"), MoveRequest.parse(), TreePlan.STOP);
    assertThat(scene.names()).containsExactly("moved");
  }

  @Test
  @Tag("M3")
  void aTreeIsMovedToAnotherFileSystem() throws IOException {
    acrossFileSystems(
        far -> {
          List<String> before = walk(scene.path("tree"));
          TreeOps.moveTree(
              scene.place("tree"), far.place("moved"), MoveRequest.parse(), TreePlan.STOP);
          assertThat(walk(far.path("moved"))).isEqualTo(before);
          assertThat(far.stat("moved/closed").mode()).isEqualTo(0555);
          assertThat(scene.names()).isEmpty();
        });
  }

  @Test
  @Tag("M3")
  void whatChangesMeanwhileIsKept() throws IOException {
    acrossFileSystems(
        far -> {
          TreePlan changing =
              new TreePlan(
                  TreePlan.STOP.failures(),
                  (entries, bytes, path) -> {
                    if (path.equals("/tree")) {
                      scene.file("tree/g", "CHANGED");
                      scene.file("tree/sub/new", "N");
                    }
                  });
          assertThatThrownBy(
                  () ->
                      TreeOps.moveTree(
                          scene.place("tree"), far.place("moved"), MoveRequest.parse(), changing))
              .isInstanceOf(SourceChangedException.class);
          assertThat(far.content("moved/g")).isEqualTo("G");
          assertThat(walk(scene.path("tree"))).containsExactly("", "g", "sub", "sub/new");
          assertThat(scene.content("tree/g")).isEqualTo("CHANGED");
        });
  }

  private interface Far {
    void run(Scene far) throws IOException;
  }

  private void acrossFileSystems(Far action) throws IOException {
    Requirement.present(
        !Files.getFileStore(memory).equals(Files.getFileStore(dir)), "two file systems");
    // What its owner may not write to cannot be emptied without privileges.
    Scene.run("chmod", "0755", scene.path("tree/closed").toString());
    Files.delete(scene.path("tree/closed/c"));
    Scene.run("chmod", "0555", scene.path("tree/closed").toString());
    try (Scene far = Scene.confined(memory)) {
      action.run(far);
    }
  }
}
