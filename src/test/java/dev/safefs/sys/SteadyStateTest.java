package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Once compiled, openat2 and close cost what they cost in C, on every backend. All take turns in
 * one run, and the least of many turns counts: a busy machine only adds.
 */
@Tag("long")
class SteadyStateTest {
  private static final int ROUNDS = 8_000;
  private static final int ROUNDS_PER_C = 1_000;

  /** So few that most turns end before the scheduler takes the processor away. */
  private static final int CALLS = 500;

  private static final double BETWEEN_BACKENDS = 1.1;
  private static final double OVER_C = 1.5;
  private static final String C = "c";
  private static final String DIRECTORY = "/etc";
  private static final String NAME = "passwd";

  private static final String LOOP =
      """
      struct open_how how = {.flags = O_RDONLY | O_CLOEXEC, .resolve = RESOLVE_BENEATH};
      int dir = open("%s", O_PATH | O_DIRECTORY | O_CLOEXEC);
      struct timespec begin, end;
      long least = 0;
      for (int round = 0; round < 800; round++) {
        clock_gettime(CLOCK_MONOTONIC, &begin);
        for (int i = 0; i < %d; i++) {
          long fd = syscall(SYS_openat2, dir, "%s", &how, sizeof how);
          if (fd < 0 || syscall(SYS_close, fd) != 0) {
            return 1;
          }
        }
        clock_gettime(CLOCK_MONOTONIC, &end);
        long taken = (end.tv_sec - begin.tv_sec) * 1000000000L + end.tv_nsec - begin.tv_nsec;
        least = round == 0 || taken < least ? taken : least;
      }
      printf("nanoseconds %%ld\\n", least);
      """
          .formatted(DIRECTORY, CALLS, NAME);

  private static final String INCLUDES =
      """
      #define _GNU_SOURCE
      #include <fcntl.h>
      #include <linux/openat2.h>
      #include <sys/syscall.h>
      #include <time.h>
      #include <unistd.h>
      """;

  @TempDir Path temp;

  @Test
  void everyBackendIsAsFastAsTheOtherAndNearlyAsC() throws Exception {
    CProgram program = CProgram.compile(temp, INCLUDES, LOOP);
    Map<String, Long> least = new TreeMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (String backend : Backends.names()) {
        least.merge(backend, timed(Opened.BY_NAME.get(backend)), Math::min);
      }
      if (round % ROUNDS_PER_C == 0) {
        least.merge(C, program.values().get("nanoseconds"), Math::min);
      }
    }
    least.forEach(
        (who, nanoseconds) ->
            System.out.printf("openat2 + close, %s: %d ns%n", who, nanoseconds / CALLS));
    double c = least.remove(C);
    double best = least.values().stream().min(Long::compare).orElseThrow();
    assertThat(least.values())
        .allSatisfy(each -> assertThat(each / best).isLessThan(BETWEEN_BACKENDS));
    assertThat(least.values()).allSatisfy(each -> assertThat(each / c).isLessThan(OVER_C));
  }

  /** The backends, each opened once. */
  private static final class Opened {
    static final Map<String, Syscalls> BY_NAME = new TreeMap<>();

    static {
      Backends.names().forEach(name -> BY_NAME.put(name, Backends.open(name)));
    }
  }

  private static long timed(Syscalls sys) {
    int dir =
        sys.openat(Abi.AT_FDCWD, c(DIRECTORY), Abi.O_PATH | Abi.O_DIRECTORY | Abi.O_CLOEXEC, 0);
    byte[] name = c(NAME);
    long begin = System.nanoTime();
    for (int i = 0; i < CALLS; i++) {
      int fd = sys.openat2(dir, name, Abi.O_RDONLY | Abi.O_CLOEXEC, 0, Abi.RESOLVE_BENEATH);
      if (fd < 0 || sys.close(fd) != 0) {
        throw new AssertionError(Errno.name(-fd));
      }
    }
    long taken = System.nanoTime() - begin;
    sys.close(dir);
    return taken;
  }

  private static byte[] c(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
  }
}
