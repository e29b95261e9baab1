package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Route;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Abi;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An attacker exchanges a directory for a link out of the root while paths are resolved. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
@Tag("R1")
class RaceTest {
  private static final int OPENS = 4000;
  private static final long INSIDE = 6;

  @TempDir Path temp;
  private Path root;

  @BeforeEach
  void plantTree() throws IOException {
    root = Files.createDirectory(temp.resolve("root"));
    Files.createDirectories(root.resolve("d/e"));
    Files.writeString(root.resolve("d/file"), "inside");
    Files.writeString(root.resolve("file"), "inside");
    Files.createDirectory(temp.resolve("outside"));
    Files.createDirectory(temp.resolve("outside/e"));
    Files.writeString(temp.resolve("outside/file"), "secret content");
    Files.createSymbolicLink(root.resolve("trap"), Path.of("../outside"));
  }

  /** Counts how many opens of {@code text} led outside while {@code d} and {@code trap} swap. */
  private int escapes(Anchor anchor, String text) throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    Thread attacker = new Thread(() -> exchangeUntil(done));
    attacker.start();
    int escapes = 0;
    try {
      for (int i = 0; i < OPENS; i++) {
        escapes += isInside(anchor, text) ? 0 : 1;
      }
    } finally {
      done.set(true);
      attacker.join();
    }
    return escapes;
  }

  private boolean isInside(Anchor anchor, String text) throws IOException {
    try (FileHandle file = anchor.open(Machine.route(text), LinkMode.FOLLOW)) {
      return file.stat().sizeBytes() == INSIDE;
    } catch (FileSystemException e) {
      return true;
    }
  }

  private void exchangeUntil(AtomicBoolean done) {
    byte[] dir = CString.of(root.resolve("d").toString());
    byte[] trap = CString.of(root.resolve("trap").toString());
    while (!done.get()) {
      Machine.kernel().renameat2(Abi.AT_FDCWD, dir, Abi.AT_FDCWD, trap, Abi.RENAME_EXCHANGE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"d/file", "d/e/../file", "trap/file", "d/../d/file"})
  void noOpenEverLeavesTheRoot(String text) throws Exception {
    Syscalls walking =
        new DenyingSyscalls(Machine.kernel()).deny(Errno.ENOSYS, "openat2").syscalls();
    Route route = Machine.route(root);
    for (LinkPolicy links : LinkPolicy.values()) {
      try (Anchor anchor = Machine.engine().confine(route, links, MountPolicy.CROSS)) {
        assertThat(escapes(anchor, text)).isZero();
      }
      try (Anchor anchor = Machine.engine(walking).confine(route, links, MountPolicy.CROSS)) {
        assertThat(escapes(anchor, text)).isZero();
      }
    }
  }

  /** The attack itself works: without confinement it succeeds. */
  @ParameterizedTest
  @ValueSource(strings = {"d/file", "trap/file"})
  void theAmbientAnchorIsLedOutside(String text) throws Exception {
    try (Anchor ambient = Machine.engine().ambient().anchor(Machine.route(root), LinkMode.FOLLOW)) {
      int escapes = 0;
      for (int round = 0; escapes == 0 && round < 100; round++) {
        escapes = escapes(ambient, text);
      }
      assertThat(escapes).isPositive();
    }
  }
}
