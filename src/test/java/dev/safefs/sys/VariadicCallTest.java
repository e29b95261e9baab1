package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On AMD64 a caller of a variadic function says in {@code %al} how many vector registers it used,
 * and {@link FfmTrap} does not: the C library's {@code syscall} must not ask.
 */
@Tag("sys")
class VariadicCallTest {
  private static final String INCLUDES =
      """
      #define _GNU_SOURCE
      #include <errno.h>
      #include <stdarg.h>
      #include <stdio.h>
      #include <sys/mman.h>
      #include <sys/syscall.h>
      #include <unistd.h>
      long wrong(long, long, long, long, long, long, long);
      asm("wrong: mov $0xff, %eax\\n jmp syscall@PLT\\n");
      double last(int count, ...) {
        va_list list;
        va_start(list, count);
        double value = 0;
        for (int i = 0; i < count; i++) {
          value = va_arg(list, double);
        }
        va_end(list);
        return value;
      }
      double none(int count, double a, double b);
      asm("none: xor %eax, %eax\\n jmp last\\n");
      """;

  private static final String BODY =
      """
      FILE *file = tmpfile();
      fseek(file, 4096, SEEK_SET);
      fputc('*', file);
      fflush(file);
      int fd = fileno(file);
      char *page = (char *) wrong(SYS_mmap, 0, 4096, PROT_READ, MAP_PRIVATE, fd, 4096);
      printf("mapped %d\\n", *page == '*');
      printf("refused %ld\\n", wrong(SYS_close, -1, 0, 0, 0, 0, 0));
      printf("errno %d\\n", errno);
      printf("declared %d\\n", last(2, 1.0, 2.0) == 2.0);
      printf("undeclared %d\\n", none(2, 3.0, 4.0) == 4.0);
      """;

  @TempDir Path temp;

  @Test
  void syscallTakesSixArgumentsWhateverTheVectorCount() {
    assumeTrue(Cpu.current() == Cpu.X86_64, "no other CPU counts vector registers");
    Map<String, Long> values = CProgram.compile(temp, INCLUDES, BODY).values();
    assertThat(values)
        .containsEntry("mapped", 1L)
        .containsEntry("refused", -1L)
        .containsEntry("errno", (long) Errno.EBADF);
    // the control: to a function that does ask, a wrong number matters
    assertThat(values).containsEntry("declared", 1L).containsEntry("undeclared", 0L);
  }
}
