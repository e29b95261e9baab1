package dev.safefs.sys;

import static dev.safefs.sys.Backends.assertErrno;
import static dev.safefs.sys.Scratch.c;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Errno belongs to the call and the thread that it came from, whatever the JVM does in between. */
class ErrnoCaptureTest extends OnEachBackend {
  private static final int THREADS = 4;
  private static final int CALLS = 50_000;

  @Test
  void errnoSurvivesGarbageCollectionAndCompilation() {
    for (int i = 0; i < CALLS; i++) {
      assertErrnoOf(i % THREADS);
      if (i % (CALLS / 20) == 0) {
        System.gc();
      }
    }
  }

  @Test
  void aSuccessIsNotTakenForTheFailureBefore() {
    for (int i = 0; i < CALLS; i++) {
      assertErrno(sys.close(NO_FD), Errno.EBADF);
      assertThat(sys.fcntl(dir.dirfd, Abi.F_GETFD, 0)).isEqualTo(Abi.FD_CLOEXEC);
    }
  }

  @Test
  void threadsSeeTheirOwnErrno() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      CountDownLatch start = new CountDownLatch(THREADS);
      List<Future<?>> runs = new ArrayList<>();
      for (int t = 0; t < THREADS; t++) {
        int kind = t;
        runs.add(threads.submit(() -> repeat(kind, start)));
      }
      for (Future<?> run : runs) {
        run.get(60, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private Object repeat(int kind, CountDownLatch start) throws InterruptedException {
    start.countDown();
    start.await();
    for (int i = 0; i < CALLS; i++) {
      assertErrnoOf(kind);
    }
    return kind;
  }

  private void assertErrnoOf(int kind) {
    switch (kind) {
      case 0 -> assertErrno(sys.openat(dir.dirfd, c("absent"), Abi.O_RDONLY, 0), Errno.ENOENT);
      case 1 -> assertErrno(sys.close(NO_FD), Errno.EBADF);
      case 2 ->
          assertErrno(
              sys.openat2(dir.dirfd, c(".."), Abi.O_PATH, 0, Abi.RESOLVE_BENEATH), Errno.EXDEV);
      default -> assertErrno(sys.mkdirat(dir.dirfd, c("."), 0700), Errno.EEXIST);
    }
  }
}
