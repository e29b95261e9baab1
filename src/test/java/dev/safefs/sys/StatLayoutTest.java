package dev.safefs.sys;

import static dev.safefs.sys.Scratch.c;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The layouts of {@code struct stat}: against the headers, and against statx on this machine. */
@Tag("sys")
@Tag("K4")
class StatLayoutTest {
  @TempDir Path temp;

  private Map<String, Long> offsets(String header) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("size", "sizeof(struct stat)");
    for (String name :
        new String[] {
          "dev",
          "ino",
          "nlink",
          "mode",
          "uid",
          "gid",
          "rdev",
          "size",
          "blocks",
          "atime",
          "mtime",
          "ctime",
          "atime_nsec",
          "mtime_nsec",
          "ctime_nsec"
        }) {
      fields.put("st_" + name, "offsetof(struct stat, st_" + name + ")");
    }
    fields.put("nlinkBytes", "sizeof(((struct stat *) 0)->st_nlink)");
    return CProgram.expressions(temp, "#include <stddef.h>\n#include <" + header + ">\n", fields);
  }

  private static void assertLayout(StatLayout ours, Map<String, Long> theirs) {
    assertThat(theirs)
        .containsEntry("size", (long) ours.sizeBytes())
        .containsEntry("st_nlink", (long) ours.nlink())
        .containsEntry("nlinkBytes", (long) ours.nlinkBytes())
        .containsEntry("st_mode", (long) ours.mode())
        .containsEntry("st_uid", (long) ours.uid())
        .containsEntry("st_gid", (long) ours.uid() + 4)
        .containsEntry("st_rdev", (long) ours.rdev())
        .containsEntry("st_dev", 0L)
        .containsEntry("st_ino", 8L)
        .containsEntry("st_size", 48L)
        .containsEntry("st_blocks", 64L)
        .containsEntry("st_atime", 72L)
        .containsEntry("st_atime_nsec", 80L)
        .containsEntry("st_mtime", 88L)
        .containsEntry("st_mtime_nsec", 96L)
        .containsEntry("st_ctime", 104L)
        .containsEntry("st_ctime_nsec", 112L);
  }

  @Test
  void theLayoutOfThisCpuIsThatOfTheHeaders() {
    assertLayout(StatLayout.current(), offsets("asm/stat.h"));
  }

  @Test
  void theLayoutOfAarch64IsTheGenericOne() {
    assertLayout(StatLayout.of(Cpu.AARCH64), offsets("asm-generic/stat.h"));
    assertThat(StatLayout.of(Cpu.AARCH64)).isNotEqualTo(StatLayout.of(Cpu.X86_64));
  }

  @ParameterizedTest
  @MethodSource("dev.safefs.sys.Backends#names")
  void whatIsReadIsWhatStatxSays(String backend) throws Exception {
    Syscalls sys = Backends.open(backend);
    Path file = Files.writeString(temp.resolve("file"), "content");
    Files.createLink(temp.resolve("hard"), file);
    Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(-5, 123_456_789)));
    Files.createSymbolicLink(temp.resolve("link"), Path.of("file"));
    Files.createDirectory(temp.resolve("directory"));
    try (Scratch dir = new Scratch(sys, temp)) {
      sys.mknodat(dir.dirfd, c("fifo"), Abi.S_IFIFO | 0640, 0);
      sys.fchownat(dir.dirfd, c("fifo"), 0x7fff_fff1, 65_537, Abi.AT_SYMLINK_NOFOLLOW);
      for (String name :
          new String[] {"file", "link", "directory", "fifo", "/dev/null", "/dev/tty", "/proc"}) {
        byte[] stat = new byte[StatLayout.current().sizeBytes()];
        assertThat(sys.newfstatat(dir.dirfd, c(name), stat, Abi.AT_SYMLINK_NOFOLLOW)).isZero();
        byte[] ours = new byte[Structs.STATX_SIZE_BYTES];
        StatLayout.current().toStatx(stat, ours);
        assertThat(fields(ours)).as(name).isEqualTo(fields(dir.statx(name)));
        assertThat(Structs.statxMask(ours)).isEqualTo(Abi.STATX_BASIC_STATS);
        assertThat(Structs.statxHasMntId(ours)).isFalse();
      }
      byte[] untouched = new byte[StatLayout.current().sizeBytes()];
      assertThat(sys.newfstatat(dir.dirfd, c("absent"), untouched, 0)).isEqualTo(-Errno.ENOENT);
      assertThat(untouched).containsOnly(0);
    }
  }

  private static String fields(byte[] statx) {
    return Structs.statxNlink(statx)
        + " mode "
        + Integer.toOctalString(Structs.statxMode(statx))
        + " owner "
        + Structs.statxUid(statx)
        + ":"
        + Structs.statxGid(statx)
        + " inode "
        + Structs.statxIno(statx)
        + " size "
        + Structs.statxSize(statx)
        + " blocks "
        + Structs.statxBlocks(statx)
        + " devices "
        + Structs.statxDev(statx)
        + " "
        + Structs.statxRdev(statx)
        + " modified "
        + Structs.statxMtimeSeconds(statx)
        + "."
        + Structs.statxMtimeNanos(statx)
        + " changed "
        + Structs.statxCtimeSeconds(statx)
        + "."
        + Structs.statxCtimeNanos(statx)
        + " accessed "
        + Structs.statxAtimeSeconds(statx)
        + "."
        + Structs.statxAtimeNanos(statx);
  }
}
