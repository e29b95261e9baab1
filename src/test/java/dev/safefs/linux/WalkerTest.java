package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.Requirement;
import dev.safefs.handle.Identity;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The walk and openat2 must agree on every shape of path. */
@ExtendWith(LeakCheck.class)
@Tag("R1")
@Tag("R2")
@Tag("K4")
class WalkerTest {
  @TempDir(factory = InMemory.class)
  Path temp;

  private Path root;

  @BeforeEach
  void plantTree() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    Files.createDirectory(temp.resolve("outside"));
    Files.writeString(temp.resolve("outside/secret"), "secret");
    Files.createDirectories(root.resolve("a/b/c"));
    Files.writeString(root.resolve("file"), "file");
    Files.writeString(root.resolve("a/b/file"), "deep");
    link("up", "..");
    link("a/up", "..");
    link("a/upup", "../..");
    link("a/out", "../../outside");
    link("a/around", "../a/b/../b");
    link("absolute", root.resolve("a").toString());
    link("absoluteRoot", "/");
    link("absoluteA", "/a/b");
    link("toFile", "file");
    link("toDir", "a/b");
    link("toDirSlash", "a/b/");
    link("toFileSlash", "file/");
    link("toDot", ".");
    link("toDirDot", "a/b/.");
    link("a/b/dangling", "nowhere");
    link("danglingDeep", "a/nowhere/else");
    link("loop", "loop");
    link("loop1", "loop2/x");
    link("loop2", "loop1/y");
    link("chain0", "a");
    for (int i = 1; i <= 42; i++) {
      link("chain" + i, "chain" + (i - 1));
    }
    Machine.fifo(root.resolve("fifo"));
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(root.resolve(name), Path.of(target));
  }

  @AfterEach
  void removeTheLinkThatTheTempDirWarnsOf() throws IOException {
    Files.delete(root.resolve("absoluteRoot"));
  }

  static Stream<Arguments> policies() {
    return Stream.of(LinkPolicy.values())
        .flatMap(
            links -> Stream.of(MountPolicy.values()).map(mounts -> Arguments.of(links, mounts)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void theWalkEndsWhereOpenat2Ends(LinkPolicy links, MountPolicy mounts) throws IOException {
    Syscalls denied = denying(Errno.ENOSYS);
    List<String> differences = new ArrayList<>();
    for (String text : shapes()) {
      for (Goal goal : Goal.values()) {
        String kernel = outcome(Machine.kernel(), links, mounts, text, goal);
        String walker = outcome(denied, links, mounts, text, goal);
        if (!kernel.equals(walker)) {
          differences.add(text + " " + goal + ": openat2 " + kernel + ", walk " + walker);
        }
      }
    }
    assertThat(differences).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOSYS, Errno.EPERM, Errno.EINVAL, Errno.E2BIG, Errno.EAGAIN})
  void theWalkStepsInWhateverOpenat2IsDeniedWith(int errno) throws IOException {
    assertThat(beneath(denying(errno), "a/b/file"))
        .isEqualTo(beneath(Machine.kernel(), "a/b/file"));
    assertThat(beneath(denying(errno), "a/out/secret")).startsWith("PathEscapeException");
  }

  @Test
  void aDenialThatComesLaterIsNoticed() throws IOException {
    Syscalls later =
        new DenyingSyscalls(Machine.kernel()).denyAfter(1, Errno.EPERM, "openat2").syscalls();
    assertThat(beneath(later, "file")).startsWith("Identity");
    assertThat(beneath(later, "file")).startsWith("Identity");
    assertThat(beneath(later, "a/out/secret")).startsWith("PathEscapeException");
  }

  @Test
  void theWalkFollowsAsManyLinksAsTheKernel() throws IOException {
    assertThat(beneath(denying(Errno.ENOSYS), "chain39")).startsWith("Identity");
    assertThat(Files.isDirectory(root.resolve("chain39"))).isTrue();
    assertThat(beneath(denying(Errno.ENOSYS), "chain40")).contains("ELOOP");
    assertThat(Files.exists(root.resolve("chain40"))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(LinkPolicy.class)
  void magicLinksOfProcfsAreEscapes(LinkPolicy links) throws IOException {
    root = Path.of("/proc/self");
    for (String text : List.of("cwd", "root", "fd/0", "exe", "ns/mnt", "root/etc/passwd")) {
      for (Syscalls sys : List.of(Machine.kernel(), denying(Errno.ENOSYS))) {
        assertThat(outcome(sys, links, MountPolicy.CROSS, text, Goal.OBJECT))
            .as(text)
            .startsWith("PathEscapeException");
      }
    }
    root = temp.resolve("root");
  }

  @Test
  void linksOfOthersInASharedStickyDirectoryAreNotFollowed() throws IOException {
    Requirement.present(Machine.isRoot(), "root");
    Path shared = Files.createDirectory(root.resolve("shared"));
    Files.createSymbolicLink(shared.resolve("theirs"), Path.of("../file"));
    Machine.run("chown", "-h", "1234", shared.resolve("theirs").toString());
    Machine.run("chmod", "1777", shared.toString());

    assertThat(beneath(denying(Errno.ENOSYS), "shared/theirs")).startsWith("AccessDenied");
    Machine.run("chown", "1234", shared.toString());
    assertThat(beneath(denying(Errno.ENOSYS), "shared/theirs")).startsWith("Identity");
  }

  private static Syscalls denying(int errno) {
    return new DenyingSyscalls(Machine.kernel()).deny(errno, "openat2").syscalls();
  }

  private String beneath(Syscalls sys, String text) throws IOException {
    return outcome(sys, LinkPolicy.BENEATH, MountPolicy.CROSS, text, Goal.OBJECT);
  }

  /** Every text of up to three components from a set that has each kind. */
  private static List<String> shapes() {
    List<String> components =
        List.of(
            "a",
            "b",
            "file",
            ".",
            "..",
            "up",
            "upup",
            "out",
            "around",
            "absolute",
            "absoluteRoot",
            "absoluteA",
            "toFile",
            "toDir",
            "toDirSlash",
            "toFileSlash",
            "toDot",
            "toDirDot",
            "dangling",
            "danglingDeep",
            "loop",
            "loop1",
            "missing",
            "fifo");
    List<String> shapes = new ArrayList<>(List.of("", "/", "/a", "/a/b/file", "/..", "chain38"));
    shapes.addAll(List.of("chain39", "chain40", "chain41", "chain38/b", "chain39/b", "chain40/b"));
    shapes.addAll(List.of("a/b/c/../../../..", "a/b/c/../../../../root/a", "a".repeat(256)));
    for (String first : components) {
      shapes.add(first);
      for (String second : components) {
        shapes.add(first + "/" + second);
        if (List.of("a", "..", "up", "toDir", "absoluteRoot", "around").contains(second)) {
          components.forEach(third -> shapes.add(first + "/" + second + "/" + third));
        }
      }
    }
    return shapes;
  }

  private String outcome(Syscalls sys, LinkPolicy links, MountPolicy mounts, String text, Goal goal)
      throws IOException {
    Host host = Machine.host(sys);
    Fd dir =
        new AmbientResolution(host, Fd.workingDirectory(sys))
            .open(root.toString(), Goal.DIRECTORY, "root");
    try {
      Fd found = new BeneathResolution(host, dir, links, mounts).open(text, goal, "shown");
      try {
        Identity identity = StatxReader.identity(StatxReader.require(sys, found, "shown"));
        return identity.toString();
      } finally {
        found.close();
      }
    } catch (FileSystemException e) {
      assertThat(e.getMessage()).startsWith("shown").doesNotContain(root.toString());
      String reason = e.getReason() == null ? "" : e.getReason();
      return e.getClass().getSimpleName() + " " + reason.replaceAll("^openat2?", "");
    } finally {
      dir.close();
    }
  }

  @Test
  @Tag("R7")
  void theWalkGoesUpFurtherThanItHoldsDirectories() throws IOException {
    int depth = 200;
    Path deep = root;
    for (int i = 0; i < depth; i++) {
      deep = deep.resolve("d");
    }
    Files.createDirectories(deep);
    String text = "d/".repeat(depth) + "../".repeat(depth) + "file";
    Syscalls denied = denying(Errno.ENOSYS);

    assertThat(outcome(denied, LinkPolicy.BENEATH, MountPolicy.STAY, text, Goal.OBJECT))
        .isEqualTo(
            outcome(Machine.kernel(), LinkPolicy.BENEATH, MountPolicy.STAY, "file", Goal.OBJECT));
    assertThat(outcome(denied, LinkPolicy.BENEATH, MountPolicy.STAY, text + "/..", Goal.OBJECT))
        .contains("ENOTDIR");
    String beyond = "d/".repeat(depth) + "../".repeat(depth + 1) + "outside/secret";
    assertThat(outcome(denied, LinkPolicy.BENEATH, MountPolicy.STAY, beyond, Goal.OBJECT))
        .startsWith("PathEscapeException");
  }
}
