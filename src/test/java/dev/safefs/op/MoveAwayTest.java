package dev.safefs.op;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Moves to another file system from where names are hard to remove. */
@Tag("M3")
@Tag("K3")
class MoveAwayTest extends BetweenFileSystems {
  @BeforeEach
  void plant() throws IOException {
    here.file("a", "A");
  }

  private void move(Scene near, String source, String target, CopyOption... options)
      throws IOException {
    Mover.move(near.place(source), there.place(target), MoveRequest.parse(options));
  }

  private void assertRefused(Scene near, CopyOption... options) throws IOException {
    assertThatThrownBy(() -> move(near, "a", "b", options))
        .isInstanceOfSatisfying(
            FileSystemException.class, failure -> assertThat(failure.getFile()).isEqualTo("/a"));
    assertThat(here.content("a")).isEqualTo("A");
    assertThat(here.names()).containsExactly("a");
  }

  /** Moving away is how room is made. */
  @Test
  void aFullDiskCanBeLeft() throws IOException {
    DenyingSyscalls full = new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOSPC, "mkdirat");
    here.directory("d");
    here.link("l", "a");
    try (Scene near = Scene.confined(dir, full.syscalls(), SafeConfig.confined())) {
      for (String name : List.of("l", "d", "a")) {
        move(near, name, name);
      }
    }
    assertThat(here.names()).isEmpty();
    assertThat(there.names()).containsExactly("a", "d", "l");
    assertThat(there.content("a")).isEqualTo("A");
  }

  @Test
  void aSourceThatMayNotBeRemovedIsNotCopiedEither() throws IOException {
    // What the kernel answers where it is another user's in a sticky directory; after EXDEV.
    DenyingSyscalls sticky =
        new DenyingSyscalls(Scene.kernel())
            .denyAfter(1, Errno.EPERM, "renameat2")
            .deny(Errno.EPERM, "renameat");
    try (Scene near = Scene.confined(dir, sticky.syscalls(), SafeConfig.confined())) {
      assertRefused(near);
    }
    assertThat(there.names()).isEmpty();
  }

  @Test
  void aSourceOnAReadOnlyMountIsNotCopiedEither() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Scene.run("mount", "--bind", dir.toString(), dir.toString());
    try {
      Scene.run("mount", "-o", "remount,ro,bind", dir.toString());
      try (Scene near = Scene.confined(dir)) {
        assertRefused(near);
        assertThat(there.names()).isEmpty();
        there.file("b", "B");
        assertRefused(near, REPLACE_EXISTING);
        assertThat(there.content("b")).isEqualTo("B");
      }
    } finally {
      Scene.run("umount", dir.toString());
    }
  }

  private static void assertShows(String path, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            FileSystemException.class, failure -> assertThat(failure.getFile()).isEqualTo(path));
  }

  @Test
  @Tag("R4")
  void failuresShowPathsOfTheUserAndNoneOfAPrivateDirectory() throws IOException {
    here.directory("tree");
    here.file("tree/a", "A");
    DenyingSyscalls kept = new DenyingSyscalls(Scene.kernel()).deny(Errno.EPERM, "unlinkat");
    DenyingSyscalls full =
        new DenyingSyscalls(Scene.kernel()).denyAfter(2, Errno.ENOSPC, "mkdirat");
    try (Scene from = Scene.confined(dir, kept.syscalls(), SafeConfig.confined());
        Scene to = Scene.confined(far, full.syscalls(), SafeConfig.confined())) {
      MoveRequest request = MoveRequest.parse();
      assertShows(
          "/tree/a",
          () -> TreeOps.moveTree(from.place("tree"), there.place("moved"), request, TreePlan.STOP));
      assertShows(
          "/tree/sub",
          () -> {
            here.directory("tree/sub");
            copyTree(to);
          });
      full.deny(Errno.ENOSPC, "mkdirat");
      assertShows("/copy", () -> copyTree(to));
    }
    try (Pin pin = Pin.open(here.place("tree"), LinkMode.NOFOLLOW)) {
      assertShows("/tree/sub/x", () -> pin.moveTo(here.place("tree/sub/x"), MoveRequest.parse()));
    }
  }

  /** As by a bind mount, which a rename does not cross. */
  @Test
  @Tag("M3")
  void aTreeIsNotMovedIntoItselfByAnotherMount() throws IOException {
    here.directory("tree");
    here.directory("tree/sub");
    here.file("tree/b", "B");
    FaultingSyscalls mounts = FaultingSyscalls.once(Scene.kernel(), 1, Errno.EXDEV, "renameat2");
    try (Scene near = Scene.confined(dir, mounts.syscalls(), SafeConfig.confined())) {
      assertThatThrownBy(
              () ->
                  TreeOps.moveTree(
                      near.place("tree"),
                      near.place("tree/sub/x"),
                      MoveRequest.parse(),
                      TreePlan.STOP))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageStartingWith("/tree -> /tree/sub/x: ");
    }
    assertThat(here.names("tree")).containsExactly("b", "sub");
    assertThat(here.names("tree/sub")).isEmpty();
  }

  private void copyTree(Scene to) throws IOException {
    TreeOps.copyTree(here.place("tree"), to.place("copy"), CopyRequest.parse(), TreePlan.STOP);
  }
}
