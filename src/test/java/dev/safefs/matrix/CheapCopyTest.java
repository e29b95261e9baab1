package dev.safefs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.SafeCopyOption;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What copies of big files cost. */
@Tag("root")
@Tag("C3")
class CheapCopyTest {
  private static final long MIB = 1L << 20;
  private static final long GIB = 1L << 30;

  private static Path safe(Path path) {
    return Path.of(URI.create("safe://" + path.toUri().getRawPath()));
  }

  private static long allocated(Path file) throws IOException {
    return Long.parseLong(Machine.run("stat", "-c", "%b", file.toString())) * 512;
  }

  /** A GiB that would not fit, with a MiB of data in its middle. */
  @ParameterizedTest
  @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS", "OVERLAY"})
  void aSparseFileStaysSparse(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind)) {
      Path source = mount.root().resolve("source");
      try (FileChannel channel =
          FileChannel.open(source, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate((int) MIB), GIB / 2);
        channel.write(ByteBuffer.allocate(1), GIB - 1);
      }
      Path cloned = mount.root().resolve("cloned");
      Path copied = mount.root().resolve("copied");
      Files.copy(safe(source), safe(cloned));
      Files.copy(safe(source), safe(copied), SafeCopyOption.NO_REFLINK);
      for (Path copy : new Path[] {cloned, copied}) {
        assertThat(Files.size(copy)).isEqualTo(GIB);
        assertThat(allocated(copy)).isLessThan(4 * MIB);
      }
      assertThat(Files.mismatch(source, copied)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"XFS", "BTRFS"})
  void aGibibyteIsSharedRatherThanCopied(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind, "3G")) {
      Path source = mount.root().resolve("source");
      Machine.run("dd", "if=/dev/zero", "of=" + source, "bs=1M", "count=1024", "conv=fsync");
      long before = free(mount.root());
      Files.copy(safe(source), safe(mount.root().resolve("copy")), SafeCopyOption.REFLINK_ONLY);
      Files.copy(safe(source), safe(mount.root().resolve("another")));
      assertThat(before - free(mount.root())).isLessThan(32 * MIB);
      assertThat(Files.size(mount.root().resolve("another"))).isEqualTo(GIB);
    }
  }

  private static long free(Path root) throws IOException {
    Machine.run("sync", "-f", root.toString());
    return Files.getFileStore(root).getUnallocatedSpace();
  }
}
