package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("L3")
class EntropyTest {
  private static final int NAME_BYTES = 26;
  private static final int NAMES = 1000;

  @Test
  void noBytesAreGivenTwice() {
    assertThat(differentNames(new Entropy(kernel(256)))).hasSize(NAMES);
  }

  @Test
  void whereTheKernelGivesNoneJavaDoes() {
    assertThat(differentNames(new Entropy(kernel(-Errno.ENOSYS)))).hasSize(NAMES);
    assertThat(differentNames(new Entropy(kernel(7)))).hasSize(NAMES);
  }

  private static Set<String> differentNames(Entropy entropy) {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < NAMES; i++) {
      byte[] bytes = new byte[NAME_BYTES];
      entropy.fill(bytes);
      names.add(Arrays.toString(bytes));
    }
    return names;
  }

  /** Counts on, so that bytes which are given twice show. */
  private static Syscalls kernel(int answer) {
    byte[] count = new byte[8];
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("getrandom");
              byte[] buffer = (byte[]) arguments[0];
              for (int i = 0; i < answer; i++) {
                if (i % count.length == 0) {
                  increment(count);
                }
                buffer[i] = count[i % count.length];
              }
              return answer;
            });
  }

  private static void increment(byte[] count) {
    for (int i = 0; i < count.length && ++count[i] == 0; i++) {}
  }
}
