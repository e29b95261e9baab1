package dev.safefs.op;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.request.CopyRequest;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.SettingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Attributes that the kernel does not let a copy have. */
@Tag("C3")
class CopiedAttributesTest {
  @TempDir Path base;
  private Path source;

  @BeforeEach
  void write() throws IOException {
    source = Files.writeString(base.resolve("source"), "A");
  }

  private void copy(Strictness strictness, int errno, String... calls) throws IOException {
    SafeConfig config = SafeConfig.confined().with("strictness", strictness);
    try (Scene scene =
        Scene.confined(
            base, FaultingSyscalls.forever(Scene.kernel(), 1, errno, calls).syscalls(), config)) {
      Copier.copy(scene.place("source"), scene.place("copy"), CopyRequest.parse(COPY_ATTRIBUTES));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.EINVAL, Errno.EOPNOTSUPP, Errno.EACCES})
  void anOwnerThatIsRefusedIsLeft(int errno) throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Files.setAttribute(source, "unix:uid", 1234);

    copy(Strictness.STRICT, errno, "fchownat");

    assertThat(base.resolve("copy")).hasContent("A");
    assertThat(Files.getAttribute(base.resolve("copy"), "unix:uid")).isEqualTo(0);
  }

  @ParameterizedTest
  @CsvSource({"0 200000 65536, 0, 755", "0 0 4294967295, 65534, 4755"})
  @Tag("C5")
  void anOwnerWithoutANumberIsLeft(String map, int owner, String mode) throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Files.setAttribute(source, "unix:uid", 65534);
    Files.setAttribute(source, "unix:mode", 04755);

    Syscalls sys = SettingSyscalls.over(Scene.kernel(), "/proc/self/uid_map", map + "\n");
    try (Scene scene = Scene.confined(base, sys, SafeConfig.confined())) {
      Copier.copy(scene.place("source"), scene.place("copy"), CopyRequest.parse(COPY_ATTRIBUTES));
    }
    Path copy = base.resolve("copy");
    assertThat(Files.getAttribute(copy, "unix:uid")).isEqualTo(owner);
    assertThat((int) Files.getAttribute(copy, "unix:mode") & 07777)
        .isEqualTo(Integer.parseInt(mode, 8));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EIO, Errno.ENOSPC, Errno.EDQUOT})
  void anOwnerThatCannotBeWrittenEndsTheCopy(int errno) throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Files.setAttribute(source, "unix:uid", 1234);

    assertThatThrownBy(() -> copy(Strictness.BEST_EFFORT, errno, "fchownat"))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessageContaining("fchownat: " + Errno.name(errno));
    assertThat(base.resolve("copy")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.EACCES, Errno.EINVAL, Errno.EOPNOTSUPP, Errno.EOVERFLOW})
  @Tag("G2")
  void anAttributeThatIsRefusedIsLeftUnlessStrict(int errno) throws IOException {
    Files.setAttribute(source, "user:note", new byte[] {1});

    assertThatThrownBy(() -> copy(Strictness.STRICT, errno, "fsetxattr", "setxattr"))
        .isInstanceOf(GuaranteeUnavailableException.class)
        .hasMessageContaining("C3")
        .hasMessageContaining(Errno.name(errno));
    assertThat(base.resolve("copy")).doesNotExist();

    copy(Strictness.BEST_EFFORT, errno, "fsetxattr", "setxattr");
    assertThat(base.resolve("copy")).hasContent("A");
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EIO, Errno.ENOSPC, Errno.EDQUOT})
  void anAttributeThatCannotBeWrittenEndsTheCopy(int errno) throws IOException {
    Files.setAttribute(source, "user:note", new byte[] {1});

    assertThatThrownBy(() -> copy(Strictness.BEST_EFFORT, errno, "fsetxattr", "setxattr"))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessageContaining("setxattr: " + Errno.name(errno));
    assertThat(base.resolve("copy")).doesNotExist();
  }
}
