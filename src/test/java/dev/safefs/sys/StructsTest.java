package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The layouts, against C's offsetof and sizeof: one field is set at a time and read back. */
@Tag("sys")
class StructsTest {
  private static final String INCLUDES =
      """
      #define _GNU_SOURCE
      #include <stddef.h>
      #include <dirent.h>
      #include <fcntl.h>
      #include <sys/stat.h>
      #include <sys/statfs.h>
      #include <sys/sysmacros.h>
      #include <linux/openat2.h>
      """;

  @TempDir Path temp;

  @Test
  void sizesAreThoseOfC() {
    Map<String, String> sizes = new LinkedHashMap<>();
    sizes.put("statx", "sizeof(struct statx)");
    sizes.put("open_how", "sizeof(struct open_how)");
    sizes.put("timespecs", "2 * sizeof(struct timespec)");
    sizes.put("flock", "sizeof(struct flock)");
    sizes.put("statfs", "sizeof(struct statfs)");
    assertThat(CProgram.expressions(temp, INCLUDES, sizes))
        .containsEntry("statx", (long) Structs.STATX_SIZE_BYTES)
        .containsEntry("open_how", (long) Structs.OPEN_HOW_SIZE_BYTES)
        .containsEntry("timespecs", (long) Structs.TIMESPECS_SIZE_BYTES)
        .containsEntry("flock", (long) Structs.FLOCK_SIZE_BYTES)
        .containsEntry("statfs", (long) Structs.STATFS_SIZE_BYTES);
  }

  @Test
  void statxFieldsAreWhereCPutsThem() {
    Map<String, ToLongFunction<byte[]>> fields = new LinkedHashMap<>();
    fields.put("stx_mask", Structs::statxMask);
    fields.put("stx_attributes", Structs::statxAttributes);
    fields.put("stx_nlink", Structs::statxNlink);
    fields.put("stx_uid", Structs::statxUid);
    fields.put("stx_gid", Structs::statxGid);
    fields.put("stx_mode", Structs::statxMode);
    fields.put("stx_ino", Structs::statxIno);
    fields.put("stx_size", Structs::statxSize);
    fields.put("stx_blocks", Structs::statxBlocks);
    fields.put("stx_attributes_mask", Structs::statxAttributesMask);
    fields.put("stx_atime.tv_sec", Structs::statxAtimeSeconds);
    fields.put("stx_atime.tv_nsec", Structs::statxAtimeNanos);
    fields.put("stx_btime.tv_sec", Structs::statxBtimeSeconds);
    fields.put("stx_btime.tv_nsec", Structs::statxBtimeNanos);
    fields.put("stx_ctime.tv_sec", Structs::statxCtimeSeconds);
    fields.put("stx_ctime.tv_nsec", Structs::statxCtimeNanos);
    fields.put("stx_mtime.tv_sec", Structs::statxMtimeSeconds);
    fields.put("stx_mtime.tv_nsec", Structs::statxMtimeNanos);
    fields.put("stx_mnt_id", Structs::statxMntId);
    assertFields("struct statx", Structs.STATX_SIZE_BYTES, fields);
  }

  @Test
  void statxDevicesAreJoinedFromTheirHalves() {
    Map<String, ToLongFunction<byte[]>> minors = new LinkedHashMap<>();
    minors.put("stx_rdev_minor", Structs::statxRdev);
    minors.put("stx_dev_minor", Structs::statxDev);
    assertFields("struct statx", Structs.STATX_SIZE_BYTES, minors);
    Map<String, ToLongFunction<byte[]>> majors = new LinkedHashMap<>();
    majors.put("stx_rdev_major", statx -> Structs.statxRdev(statx) >> 8);
    majors.put("stx_dev_major", statx -> Structs.statxDev(statx) >> 8);
    assertFields("struct statx", Structs.STATX_SIZE_BYTES, majors);
  }

  @Test
  void lockAndFileSystemFieldsAreWhereCPutsThem() {
    Map<String, ToLongFunction<byte[]>> flock = new LinkedHashMap<>();
    flock.put("l_type", Structs::flockType);
    flock.put("l_pid", Structs::flockPid);
    assertFields("struct flock", Structs.FLOCK_SIZE_BYTES, flock);
    Map<String, ToLongFunction<byte[]>> statfs = new LinkedHashMap<>();
    statfs.put("f_type", Structs::statfsType);
    statfs.put("f_flags", Structs::statfsFlags);
    assertFields("struct statfs", Structs.STATFS_SIZE_BYTES, statfs);
  }

  @Test
  void direntFieldsAreWhereCPutsThem() {
    Map<String, ToLongFunction<byte[]>> fields = new LinkedHashMap<>();
    fields.put("d_ino", dirents -> Structs.direntIno(dirents, 0));
    fields.put("d_off", dirents -> Structs.direntOff(dirents, 0));
    fields.put("d_reclen", dirents -> Structs.direntNext(dirents, 0));
    fields.put("d_type", dirents -> Structs.direntType(dirents, 0));
    fields.put("d_name[0]", dirents -> Structs.direntName(dirents, 0)[0]);
    assertFields("struct dirent64", 280, fields);
  }

  @Test
  void makedevIsThatOfC() {
    Map<String, String> calls = new LinkedHashMap<>();
    int[][] pairs = {{8, 1}, {259, 0x12345}, {0xfffff, 0xfffff}, {-1, -1}};
    for (int[] pair : pairs) {
      calls.put(pair[0] + ":" + pair[1], "makedev(%du, %du)".formatted(pair[0], pair[1]));
    }
    Map<String, Long> theirs = CProgram.expressions(temp, INCLUDES, calls);
    for (int[] pair : pairs) {
      assertThat(theirs).containsEntry(pair[0] + ":" + pair[1], Structs.makedev(pair[0], pair[1]));
    }
  }

  @Test
  void unsignedFieldsAreWidened() {
    ByteBuffer statx = ByteBuffer.allocate(Structs.STATX_SIZE_BYTES).order(ByteOrder.nativeOrder());
    statx.putInt(16, -1).putShort(28, (short) 0xa1ff);
    assertThat(Structs.statxNlink(statx.array())).isEqualTo(0xffff_ffffL);
    assertThat(Structs.statxMode(statx.array())).isEqualTo(0xa1ff);
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    ByteBuffer.wrap(statfs).order(ByteOrder.nativeOrder()).putLong(0, 0x9123_683eL);
    assertThat(Structs.statfsType(statfs)).isEqualTo(Abi.BTRFS_SUPER_MAGIC);
  }

  @Test
  void direntsAreWalkedByTheirLengths() {
    ByteBuffer dirents = ByteBuffer.allocate(56).order(ByteOrder.nativeOrder());
    dirents.putLong(0, 7).putShort(16, (short) 24).put(18, (byte) Abi.DT_REG).put(19, (byte) 'a');
    dirents.putLong(24, 8).putShort(40, (short) 32).put(42, (byte) Abi.DT_DIR);
    dirents.put(43, "bcdef".getBytes(StandardCharsets.US_ASCII));
    byte[] bytes = dirents.array();
    int second = Structs.direntNext(bytes, 0);
    assertThat(Structs.direntName(bytes, 0)).asString().isEqualTo("a");
    assertThat(Structs.direntName(bytes, second)).asString().isEqualTo("bcdef");
    assertThat(Structs.direntIno(bytes, second)).isEqualTo(8);
    assertThat(Structs.direntType(bytes, second)).isEqualTo(Abi.DT_DIR);
    assertThat(Structs.direntNext(bytes, second)).isEqualTo(bytes.length);
  }

  private void assertFields(String type, int size, Map<String, ToLongFunction<byte[]>> fields) {
    Map<String, String> offsets = new LinkedHashMap<>();
    fields.keySet().forEach(name -> offsets.put(name, "offsetof(%s, %s)".formatted(type, name)));
    Map<String, Long> at = CProgram.expressions(temp, INCLUDES, offsets);
    fields.forEach(
        (name, getter) -> {
          byte[] struct = new byte[size];
          struct[at.get(name).intValue()] = 42;
          assertThat(getter.applyAsLong(struct)).as(name).isEqualTo(42);
        });
  }
}
