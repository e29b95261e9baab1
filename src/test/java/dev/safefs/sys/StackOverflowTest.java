package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A program that has no stack left is told so, wherever in a call that shows. */
class StackOverflowTest extends OnEachBackend {
  private static final int OVERFLOWS = 400;
  private static final long STACK_BYTES = 256 * 1024;

  private final Set<Class<?>> seen = new HashSet<>();

  @Test
  void anOverflowIsShownAsOne() throws InterruptedException {
    // Linked and loaded before the stack is short.
    assertThat(sys.fcntl(dir.dirfd, Abi.F_GETFD, 0)).isEqualTo(Abi.FD_CLOEXEC);
    Thread deep = new Thread(null, this::overflow, "deep", STACK_BYTES);
    deep.start();
    deep.join();
    assertThat(seen).containsExactly(StackOverflowError.class);
  }

  private void overflow() {
    for (int i = 0; i < OVERFLOWS; i++) {
      try {
        shift(i % 40);
      } catch (Throwable t) {
        seen.add(t.getClass());
      }
    }
  }

  /** So that the end of the stack is met elsewhere each time. */
  private long shift(int frames) {
    return frames == 0 ? deeper(0, 0) : shift(frames - 1) + 1;
  }

  @SuppressWarnings("InfiniteRecursion") // That is what is to overflow.
  private long deeper(long one, long other) {
    int result = sys.fcntl(dir.dirfd, Abi.F_GETFD, 0);
    return deeper(one + result, other) + 1;
  }
}
