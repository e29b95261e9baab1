package dev.safefs.op;

import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ACL, capabilities and trusted attributes of a file that is rewritten. Needs root. */
@Tag("W4")
class KeptAttributesTest {
  /** {@code u::rw-,u:1234:rw-,g::r--,m::rw-,o::---}; acl(5), version 2. */
  private static final String ACL =
      "02000000"
          + "01000600ffffffff"
          + "02000600d2040000"
          + "04000400ffffffff"
          + "10000600ffffffff"
          + "20000000ffffffff";

  /** Version 2: CAP_NET_BIND_SERVICE, permitted and effective; capabilities(7). */
  private static final String CAPABILITY = "0100000200040000" + "00".repeat(12);

  @TempDir Path base;

  /** How the pending file is made. */
  enum Kernel {
    WHOLE {
      @Override
      Syscalls calls() {
        return Scene.kernel();
      }
    },
    WITHOUT_ANONYMOUS_FILES {
      @Override
      Syscalls calls() {
        return PoorMount.withoutAnonymousFiles(Scene.kernel());
      }
    };

    abstract Syscalls calls();
  }

  private byte[] path() {
    return text(base.resolve("file").toString());
  }

  private static byte[] text(String text) {
    return (text + '\0').getBytes(StandardCharsets.UTF_8);
  }

  private void set(String name, String hex) {
    byte[] value = HexFormat.of().parseHex(hex);
    Requirement.present(
        Scene.kernel().setxattr(path(), text(name), value, 0) == 0, name + " on this file system");
  }

  private String get(String name) {
    byte[] value = new byte[256];
    int length = Scene.kernel().getxattr(path(), text(name), value);
    return length < 0 ? "none" : HexFormat.of().formatHex(Arrays.copyOf(value, length));
  }

  private static void rest() {
    long end = System.nanoTime() + 250_000_000L;
    for (long rest = 1; rest > 0; rest = end - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }

  @ParameterizedTest
  @EnumSource
  void allThatRootMaySetIsKept(Kernel kernel) throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    try (Scene scene = Scene.confined(base, kernel.calls(), SafeConfig.confined())) {
      Path file = scene.file("file", "old");
      Files.setAttribute(file, "unix:uid", 1234);
      Files.setAttribute(file, "unix:gid", 4321);
      set("system.posix_acl_access", ACL);
      set("security.capability", CAPABILITY);
      set("trusted.note", "01");
      set("user.note", "02");
      int mode = (int) Files.getAttribute(file, "unix:mode");
      OpenRequest request =
          OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), SafeConfig.confined());
      // One that has changed a moment ago is looked at twice.
      rest();
      try (FileChannel channel = Opener.open(scene.place("file"), request)) {
        channel.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
      }
      assertThat(file).hasContent("new");
      assertThat(get("system.posix_acl_access")).isEqualTo(ACL);
      assertThat(get("security.capability")).isEqualTo(CAPABILITY);
      assertThat(get("trusted.note")).isEqualTo("01");
      assertThat(get("user.note")).isEqualTo("02");
      assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(mode);
      assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1234);
      assertThat(Files.getAttribute(file, "unix:gid")).isEqualTo(4321);
    }
  }
}
