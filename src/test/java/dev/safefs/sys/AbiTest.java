package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every constant against the C headers of this machine, and the other CPU's against a committed
 * table.
 */
@Tag("sys")
class AbiTest {
  /**
   * Younger than the headers of the oldest distribution we build on, or in none:
   * fs/configfs/mount.c.
   */
  private static final Set<String> MAY_BE_UNKNOWN =
      Set.of("STATX_MNT_ID_UNIQUE", "__NR_fchmodat2", "CONFIGFS_MAGIC");

  /**
   * Kernel headers where they can be had alone: the C library's fcntl.h says that O_LARGEFILE is 0.
   */
  private static final String FLAGS =
      """
      #include <linux/fcntl.h>
      #include <linux/openat2.h>
      #include <linux/stat.h>
      #include <linux/fs.h>
      #include <linux/xattr.h>
      #include <linux/magic.h>
      #include <linux/limits.h>
      """;

  private static final String LIBRARY_FLAGS =
      """
      #define _GNU_SOURCE
      #include <dirent.h>
      #include <sys/stat.h>
      #include <sys/statvfs.h>
      #include <unistd.h>
      """;

  @TempDir Path temp;

  @Test
  void everyConstantIsThatOfTheHeaders() {
    Map<String, Long> ours = constants(Abi.class);
    Map<String, Long> theirs = CProgram.macros(temp, LIBRARY_FLAGS, ours.keySet());
    theirs.putAll(CProgram.macros(temp, FLAGS, ours.keySet()));
    assertSameButForUnknown(ours, theirs);
  }

  @Test
  void everyErrnoIsThatOfTheHeaders() {
    Map<String, Long> ours = constants(Errno.class);
    assertThat(CProgram.macros(temp, "#include <errno.h>", ours.keySet())).isEqualTo(ours);
  }

  @Test
  void systemCallNumbersOfThisCpuAreThoseOfTheHeaders() {
    Map<String, Long> ours = numbers(Cpu.current());
    assertSameButForUnknown(ours, CProgram.macros(temp, "#include <asm/unistd.h>", ours.keySet()));
  }

  @Test
  void systemCallNumbersOfAarch64AreTheGenericOnes() {
    Map<String, Long> ours = numbers(Cpu.AARCH64);
    String includes =
        """
        #define __ARCH_WANT_RENAMEAT
        #define __ARCH_WANT_NEW_STAT
        #include <asm-generic/unistd.h>
        """;
    assertSameButForUnknown(ours, CProgram.macros(temp, includes, ours.keySet()));
  }

  @Test
  void aarch64HasItsOwnOpenFlags() {
    // arch/arm64/include/uapi/asm/fcntl.h, in octal as there
    assertThat(Cpu.AARCH64.directory).isEqualTo(0_40000);
    assertThat(Cpu.AARCH64.nofollow).isEqualTo(0_100000);
    assertThat(Cpu.AARCH64.direct).isEqualTo(0_200000);
    assertThat(Cpu.AARCH64.largefile).isEqualTo(0_400000);
    assertThat(Cpu.AARCH64.tmpfile).isEqualTo(0_20000000 | 0_40000);
  }

  @Test
  void x8664HasTheGenericOpenFlags() {
    // include/uapi/asm-generic/fcntl.h, in octal as there
    assertThat(Cpu.X86_64.directory).isEqualTo(0_200000);
    assertThat(Cpu.X86_64.nofollow).isEqualTo(0_400000);
    assertThat(Cpu.X86_64.direct).isEqualTo(0_40000);
    assertThat(Cpu.X86_64.largefile).isEqualTo(0_100000);
    assertThat(Cpu.X86_64.tmpfile).isEqualTo(0_20000000 | 0_200000);
  }

  @Test
  void anUnknownCpuHasNoSystemCallNumbers() {
    assertThat(Cpu.of("riscv64")).isEqualTo(Cpu.UNKNOWN);
    assertThat(numbers(Cpu.UNKNOWN).values()).containsOnly(-1L);
  }

  @Test
  void errnoNamesAreThoseOfTheConstants() {
    Map<String, Long> constants = constants(Errno.class);
    constants.keySet().removeAll(Set.of("EWOULDBLOCK", "ENOTSUP"));
    constants.forEach((name, value) -> assertThat(Errno.name(value.intValue())).isEqualTo(name));
    assertThat(constants).hasSize(131);
  }

  @Test
  void errnosThatLinuxLacksHaveANumberForAName() {
    assertThat(Errno.name(0)).isEqualTo("errno 0");
    assertThat(Errno.name(41)).isEqualTo("errno 41");
    assertThat(Errno.name(134)).isEqualTo("errno 134");
    assertThat(Errno.name(-5)).isEqualTo("errno -5");
  }

  private static void assertSameButForUnknown(Map<String, Long> ours, Map<String, Long> theirs) {
    Map<String, Long> expected = new TreeMap<>(ours);
    expected.keySet().removeIf(name -> MAY_BE_UNKNOWN.contains(name) && !theirs.containsKey(name));
    assertThat(new TreeMap<>(theirs)).isEqualTo(expected);
  }

  private static Map<String, Long> numbers(Cpu cpu) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (SyscallNumber number : SyscallNumber.values()) {
      numbers.put("__NR_" + number.name().toLowerCase(Locale.ROOT), (long) number.on(cpu));
    }
    return numbers;
  }

  private static Map<String, Long> constants(Class<?> type) {
    Map<String, Long> constants = new LinkedHashMap<>();
    for (Field field : type.getDeclaredFields()) {
      if (Modifier.isPublic(field.getModifiers())) {
        constants.put(field.getName(), value(field));
      }
    }
    return constants;
  }

  private static long value(Field field) {
    try {
      return field.getLong(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }
}
