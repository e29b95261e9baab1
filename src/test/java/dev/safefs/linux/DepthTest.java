package dev.safefs.linux;

import static dev.safefs.linux.Machine.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** 10,000 directories in each other: their path is five times as long as the kernel takes. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
@Tag("R7")
class DepthTest {
  private static final int DEPTH = 10_000;

  @TempDir(factory = InMemory.class)
  Path temp;

  private final String text = "d/".repeat(DEPTH) + "file";

  @BeforeEach
  void plantTree() throws IOException {
    Dir dir = Machine.dir(temp);
    for (int i = 0; i < DEPTH; i++) {
      assertThat(dir.mkdir(name("d"), 0700)).isEqualTo(CreateResult.CREATED);
      Dir next = dir.openDir(name("d"));
      dir.close();
      dir = next;
    }
    dir.create(name("file"), 0600).orElseThrow().close();
    dir.close();
  }

  /** JUnit would follow the path. */
  @AfterEach
  void removeTree() throws IOException {
    Machine.run("rm", "-rf", temp.resolve("d").toString());
  }

  private void assertReachable(Anchor anchor, Route route, String realText) throws IOException {
    try (ParentRef ref = anchor.parent(route);
        FileHandle file = anchor.open(route, LinkMode.FOLLOW)) {
      assertThat(ref.dir().stat(ref.name()).orElseThrow().identity())
          .isEqualTo(file.stat().identity());
      assertThat(anchor.realText(file, route)).isEqualTo(realText);
    }
  }

  @Test
  void longPathsAreResolvedFromTheMachine() throws IOException {
    String path = temp.toRealPath() + "/" + text;
    assertReachable(Machine.engine().ambient(), Machine.route(path), path);
  }

  @Test
  void longPathsAreResolvedBeneathARoot() throws IOException {
    for (int errno : new int[] {0, Errno.ENOSYS}) {
      DenyingSyscalls sys = new DenyingSyscalls(Machine.kernel());
      if (errno != 0) {
        sys.deny(errno, "openat2");
      }
      try (Anchor anchor =
          Machine.engine(sys.syscalls())
              .confine(Machine.route(temp), LinkPolicy.BENEATH, MountPolicy.CROSS)) {
        assertReachable(anchor, Machine.route("/" + text), "/" + text);
        String back = "d/".repeat(DEPTH) + "../".repeat(DEPTH) + text;
        assertReachable(anchor, Machine.route(back), "/" + text);
      }
    }
  }
}
