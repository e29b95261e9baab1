package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.InMemory;
import dev.safefs.SafeConfig;
import dev.safefs.request.CopyRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("D2")
class TreeOpsTest {
  @TempDir(factory = InMemory.class)
  Path dir;

  private Scene scene;

  @BeforeEach
  void open() throws IOException {
    scene = Scene.confined(dir);
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
  }

  /**
   * Plants {@code width} files in each of {@code width} directories, and a link out of the tree.
   */
  private void plant(String root, int width) throws IOException {
    scene.directory(root);
    for (int i = 0; i < width; i++) {
      scene.directory(root + "/d" + i);
      for (int j = 0; j < width; j++) {
        scene.file(root + "/d" + i + "/f" + j, "content " + j);
      }
    }
    scene.link(root + "/out", scene.path("outside").toString());
  }

  private void plantOutside() throws IOException {
    scene.directory("outside");
    scene.file("outside/precious", "P");
  }

  @Test
  void ofDirectoriesThatMayNotBeReadTheEmptyOnesAreDeletedAndTheOthersTold() throws IOException {
    scene.directory("tree");
    scene.directory("tree/sub");
    for (String name : List.of("empty", "full")) {
      Path unreadable = scene.directory("tree/sub/" + name);
      Files.setPosixFilePermissions(unreadable, PosixFilePermissions.fromString("-wx------"));
    }
    scene.file("tree/sub/full/f", "F");
    List<String> told = new ArrayList<>();
    TreePlan plan =
        new TreePlan(
            (path, failure) -> {
              told.add(path);
              return TreePlan.Decision.IGNORE;
            },
            TreePlan.Monitor.NONE);
    Syscalls poor = PoorMount.withUnreadableDirectories(Scene.kernel());
    try (Scene unprivileged = Scene.confined(dir, poor, SafeConfig.confined())) {
      TreeOps.deleteTree(unprivileged.place("tree"), plan);
    }
    assertThat(told).containsExactly("/tree/sub/full");
    assertThat(scene.path("tree/sub/full/f")).exists();
    assertThat(scene.path("tree/sub/empty")).doesNotExist();
  }

  @Test
  @Tag("C3")
  void aDirectoryWhoseAttributesCannotBeCopiedIsTold() throws IOException {
    scene.directory("tree");
    scene.directory("tree/sub");
    List<String> told = new ArrayList<>();
    TreePlan plan =
        new TreePlan(
            (path, failure) -> {
              told.add(path);
              return TreePlan.Decision.IGNORE;
            },
            TreePlan.Monitor.NONE);
    Syscalls failing = FaultingSyscalls.once(Scene.kernel(), 1, Errno.EIO, "utimensat").syscalls();
    try (Scene poor = Scene.confined(dir, failing, SafeConfig.confined())) {
      TreeOps.copyTree(
          poor.place("tree"),
          poor.place("copy"),
          CopyRequest.parse(StandardCopyOption.COPY_ATTRIBUTES),
          plan);
    }
    assertThat(told).containsExactly("/tree/sub");
  }

  @Test
  void aTreeIsDeletedAndNothingElse() throws IOException {
    plantOutside();
    plant("tree", 5);
    List<Long> counts = new ArrayList<>();
    TreePlan plan =
        new TreePlan(TreePlan.STOP.failures(), (entries, bytes, path) -> counts.add(entries));
    TreeOps.deleteTree(scene.place("tree"), plan);
    assertThat(scene.names()).containsExactly("outside");
    assertThat(scene.content("outside/precious")).isEqualTo("P");
    assertThat(counts).hasSize(25 + 5 + 1 + 1).isSorted();
    scene.link("link", "outside");
    TreeOps.deleteTree(scene.place("link"), TreePlan.STOP);
    assertThat(scene.names("outside")).containsExactly("precious");
    assertThatThrownBy(() -> TreeOps.deleteTree(scene.place("tree"), TreePlan.STOP))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> TreeOps.deleteTree(scene.place(""), TreePlan.STOP))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  @Tag("syscalls")
  void deletionTakesFewSystemCallsAFile() throws IOException {
    plant("tree", 20);
    TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
    try (Scene traced = Scene.confined(dir, trace.syscalls(), SafeConfig.confined())) {
      TreeOps.deleteTree(traced.place("tree"), TreePlan.STOP);
    }
    assertThat(trace.calls().size()).isLessThan(2 * 400);
    assertThat(scene.names()).isEmpty();
  }

  @Test
  @Tag("R7")
  void aDeepTreeTakesFewDescriptors() throws IOException {
    int depth = 3000;
    makeDeep("deep", depth);
    TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
    try (Scene traced = Scene.confined(dir, trace.syscalls(), SafeConfig.confined())) {
      long before = Scene.descriptors();
      long[] most = {0};
      TreePlan plan =
          new TreePlan(
              TreePlan.STOP.failures(),
              (entries, bytes, path) -> {
                if (entries % 100 == 0) {
                  most[0] = Math.max(most[0], Scene.descriptors());
                }
              });
      TreeOps.deleteTree(traced.place("deep"), plan);
      assertThat(most[0] - before).isLessThan(20);
    }
    assertThat(trace.calls().size()).as("calls for each level").isLessThan(40 * depth);
    assertThat(scene.names()).isEmpty();
  }

  private void makeDeep(String name, int depth) throws IOException {
    try (dev.safefs.handle.ParentRef at = Resolver.parent(scene.place(name));
        DirStack stack = new DirStack(at.dir())) {
      dev.safefs.handle.Name each = at.name();
      for (int i = 0; i < depth; i++) {
        stack.top().mkdir(each, 0777);
        stack.push(each);
      }
    }
  }

  @Test
  void failuresAreCollectedAndTheRestIsDeleted() throws IOException {
    plant("tree", 3);
    DenyingSyscalls denying = new DenyingSyscalls(Scene.kernel());
    try (Scene denied = Scene.confined(dir, denying.syscalls(), SafeConfig.confined())) {
      denying.denyAfter(12, Errno.EACCES, "unlinkat");
      List<String> failed = new ArrayList<>();
      TreePlan plan =
          new TreePlan(
              (path, failure) -> {
                failed.add(path);
                denying.allow("unlinkat");
                return TreePlan.Decision.COLLECT;
              },
              TreePlan.STOP.monitor());
      assertThatThrownBy(() -> TreeOps.deleteTree(denied.place("tree"), plan))
          .isInstanceOf(IOException.class);
      assertThat(failed).hasSize(1);
    }
    assertThat(scene.names("tree")).hasSizeLessThanOrEqualTo(1);
    TreeOps.deleteTree(scene.place("tree"), TreePlan.COLLECT);
  }

  @Test
  void aMonitorEndsADeletion() throws IOException {
    plant("tree", 3);
    TreePlan plan =
        new TreePlan(
            TreePlan.COLLECT.failures(),
            (entries, bytes, path) -> {
              throw new CancellationException(path);
            });
    long before = Scene.descriptors();
    assertThatThrownBy(() -> TreeOps.deleteTree(scene.place("tree"), plan))
        .isInstanceOf(CancellationException.class);
    assertThat(Scene.descriptors()).isLessThanOrEqualTo(before);
  }

  @Test
  void directoriesSwappedForLinksLeadNowhere() throws Exception {
    plantOutside();
    AtomicBoolean stop = new AtomicBoolean();
    Thread attacker =
        new Thread(
            () -> {
              Path victim = scene.path("tree/d0");
              Path aside = scene.path("aside");
              while (!stop.get()) {
                try {
                  Files.move(victim, aside);
                  Files.createSymbolicLink(victim, scene.path("outside"));
                  Files.delete(victim);
                  Files.move(aside, victim);
                } catch (IOException e) {
                  deleteQuietly(aside);
                }
              }
            });
    attacker.start();
    try {
      for (int i = 0; i < 40; i++) {
        try {
          plant("tree", 4);
        } catch (IOException e) {
          // The attacker's link or a left-over directory is in the way.
        }
        TreePlan ignore =
            new TreePlan((path, failure) -> TreePlan.Decision.IGNORE, TreePlan.STOP.monitor());
        if (Files.exists(scene.path("tree"))) {
          TreeOps.deleteTree(scene.place("tree"), ignore);
        }
      }
    } finally {
      stop.set(true);
      attacker.join();
    }
    assertThat(scene.content("outside/precious")).isEqualTo("P");
  }

  private void deleteQuietly(Path path) {
    try {
      TreeOps.deleteTree(scene.place(path.getFileName().toString()), TreePlan.COLLECT);
    } catch (IOException e) {
      // Not there.
    }
  }
}
