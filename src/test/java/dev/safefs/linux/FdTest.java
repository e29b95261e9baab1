package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.ClosedFileSystemException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class FdTest {
  private final TracingSyscalls trace = new TracingSyscalls(Machine.kernel());

  private Fd open(Fd.Role role) {
    int flags = Abi.O_PATH | Abi.O_CLOEXEC;
    return new Fd(
        trace.syscalls(), Machine.kernel().openat(Abi.AT_FDCWD, CString.DOT, flags, 0), role);
  }

  @Test
  void closingTwiceClosesOnce() {
    Fd fd = open(Fd.Role.OBJECT);

    assertThat(fd.close()).isZero();
    assertThat(fd.close()).isZero();

    assertThat(trace.names()).containsExactly("close");
  }

  @Test
  void aUseAfterCloseFailsWithoutACall() {
    Fd fd = open(Fd.Role.OBJECT);
    fd.close();
    AtomicInteger calls = new AtomicInteger();

    assertThatThrownBy(() -> fd.call(n -> calls.incrementAndGet()))
        .isInstanceOf(ClosedChannelException.class);
    assertThat(calls).hasValue(0);
  }

  @Test
  void aUseOfAClosedAnchorSaysThatTheFileSystemIsClosed() {
    Fd fd = open(Fd.Role.ROOT);
    fd.close();

    assertThatThrownBy(() -> fd.call(n -> 0)).isInstanceOf(ClosedFileSystemException.class);
  }

  @Test
  void theNumberStaysTakenUntilTheLastRunningCallEnds() throws Exception {
    Fd fd = open(Fd.Role.OBJECT);
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> flags =
          thread.submit(
              () ->
                  fd.call(
                      n -> {
                        running.countDown();
                        await(closed);
                        return Machine.kernel().fcntl(n, Abi.F_GETFD, 0);
                      }));
      running.await();
      fd.close();
      assertThat(trace.names()).isEmpty();
      closed.countDown();

      assertThat(flags.get(10, TimeUnit.SECONDS)).isEqualTo(Abi.FD_CLOEXEC);
      assertThat(trace.names()).containsExactly("close");
    } finally {
      thread.shutdown();
      assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anInterruptedCallIsRepeatedSeveralTimesButNotForEver() throws IOException {
    Fd fd = open(Fd.Role.OBJECT);
    AtomicInteger calls = new AtomicInteger();

    assertThat(fd.call(n -> calls.incrementAndGet() < 3 ? -Errno.EINTR : 7)).isEqualTo(7);
    assertThat(fd.call(n -> -Errno.EINTR)).isEqualTo(-Errno.EINTR);

    fd.close();
  }

  @Test
  void anInterruptedChangeIsNotRepeated() throws IOException {
    Fd fd = open(Fd.Role.OBJECT);
    AtomicInteger calls = new AtomicInteger();

    fd.once(
        n -> {
          calls.incrementAndGet();
          return -Errno.EINTR;
        });

    assertThat(calls).hasValue(1);
    fd.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
