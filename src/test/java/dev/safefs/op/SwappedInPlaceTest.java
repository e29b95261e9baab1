package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.SettingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Another file gets the name right before the kernel says that nothing is renamed over it, as in a
 * directory such as {@code /tmp}: what is written is not for just any file that has the name now.
 */
@Tag("W4")
class SwappedInPlaceTest {
  @TempDir Path dir;

  private Scene scene(Meddler.Deed deed, String hardLinks) throws IOException {
    Syscalls refusing =
        FaultingSyscalls.forever(Scene.kernel(), 1, Errno.EPERM, "renameat", "renameat2")
            .syscalls();
    Syscalls swapping = Meddler.before(refusing, "renameat", deed);
    return Scene.confined(
        dir,
        SettingSyscalls.over(swapping, "/proc/sys/fs/protected_regular", "1\n"),
        SafeConfig.confined().with("strictness", "best_effort").with("hardLinks", hardLinks));
  }

  private static FileChannel written(Scene scene) throws IOException {
    OpenRequest request = OpenRequest.parse(Set.of(CREATE, WRITE, TRUNCATE_EXISTING), scene.config);
    FileChannel channel = Opener.open(scene.place("file"), request);
    channel.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
    return channel;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1234})
  void anothersFileGetsNothing(int owner) throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Files.setAttribute(dir, "unix:mode", 01777);
    Path file = Files.writeString(dir.resolve("file"), "old");
    Meddler.Deed swap =
        () -> {
          Files.delete(file);
          Files.setAttribute(Files.writeString(file, "theirs"), "unix:uid", owner);
        };
    try (Scene scene = scene(swap, "split")) {
      FileChannel channel = written(scene);
      if (owner == 0) {
        channel.close();
      } else {
        assertThatThrownBy(channel::close).isInstanceOf(AccessDeniedException.class);
      }
    }
    assertThat(file).hasContent(owner == 0 ? "new" : "theirs");
  }

  @Test
  void aFileWithOtherNamesIsRefusedIfAsked() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "old");
    Path other = Files.writeString(dir.resolve("other"), "other");
    Meddler.Deed swap =
        () -> {
          Files.delete(file);
          Files.createLink(file, other);
        };
    try (Scene scene = scene(swap, "refuse")) {
      FileChannel channel = written(scene);
      assertThatThrownBy(channel::close).isInstanceOf(GuaranteeUnavailableException.class);
    }
    assertThat(other).hasContent("other");
  }
}
