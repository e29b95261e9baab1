package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.Requirement;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On file systems that are mounted for the purpose. */
@ExtendWith(LeakCheck.class)
@Tag("root")
class MountTraitsTest {
  @TempDir Path temp;
  private Path mount;

  @BeforeEach
  void requireRoot() throws IOException {
    Requirement.present(Machine.isRoot(), "root");
    mount = Files.createDirectory(temp.resolve("mount"));
  }

  @AfterEach
  void unmount() throws IOException {
    Machine.run("sh", "-c", "! mountpoint -q '" + mount + "' || umount '" + mount + "'");
  }

  private void mount(String mkfs, String options) throws IOException {
    Path image = temp.resolve("image");
    try (RandomAccessFile file = new RandomAccessFile(image.toString(), "rw")) {
      file.setLength(128L << 20);
    }
    Machine.run("sh", "-c", mkfs + " '" + image + "' >/dev/null 2>&1");
    Machine.run("mount", "-o", "loop" + options, image.toString(), mount.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "mkfs.ext4 -q, '', true, true, false, false",
    "mkfs.ext4 -q, ',data=journal', true, true, false, false",
    "mkfs.ext4 -q, ',data=writeback', true, false, false",
    "mkfs.ext4 -q -O ^has_journal, '', true, false, false",
    "mkfs.ext2 -q, '', true, false, false",
    "mkfs.btrfs -q, '', false, true, true"
  })
  @Tag("K2")
  @Tag("G1")
  void traitsFollowTheFileSystemAndItsOptionsBeforeAnythingIsTried(
      String mkfs, String options, boolean syncAnonymous, boolean orderedRename, boolean reflink)
      throws IOException {
    mount(mkfs, options);
    try (Dir dir = Machine.dir(mount)) {
      assertThat(dir.capabilities().mayHave(Capability.SYNC_ANONYMOUS)).isEqualTo(syncAnonymous);
      assertThat(dir.capabilities().mayHave(Capability.ORDERED_RENAME)).isEqualTo(orderedRename);
      assertThat(dir.capabilities().mayHave(Capability.REFLINK)).isEqualTo(reflink);
    }
  }

  @Test
  @Tag("R3")
  void aBindMountOfTheSameDeviceIsAnotherMount() throws IOException {
    Path inner = Files.createDirectories(temp.resolve("inner/dir"));
    Machine.run("mount", "--bind", inner.getParent().toString(), mount.toString());
    Syscalls walking =
        new DenyingSyscalls(Machine.kernel()).deny(Errno.ENOSYS, "openat2").syscalls();
    for (Syscalls sys : List.of(Machine.kernel(), walking)) {
      try (Anchor anchor =
          Machine.engine(sys).confine(Machine.route(temp), LinkPolicy.BENEATH, MountPolicy.STAY)) {
        anchor.openDir(Machine.route("inner/dir"), LinkMode.FOLLOW).close();
        Assertions.assertThatThrownBy(
                () -> anchor.openDir(Machine.route("mount/dir"), LinkMode.FOLLOW))
            .isInstanceOf(PathEscapeException.class);
      }
    }
  }
}
