package dev.safefs.sys;

import static dev.safefs.sys.Backends.assertErrno;
import static dev.safefs.sys.Scratch.c;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The decorators that other tests stand on. */
@Tag("sys")
class DecoratorsTest {
  @TempDir Path temp;
  private Syscalls real;
  private Scratch dir;

  @BeforeEach
  void open() {
    real = Backends.open(Backends.names().get(0));
    dir = new Scratch(real, temp);
  }

  @AfterEach
  void close() {
    dir.close();
  }

  @Test
  void tracingRecordsNamesArgumentsAndResults() {
    TracingSyscalls trace = new TracingSyscalls(real);
    assertThat(mkdir(trace.syscalls(), "a")).isZero();
    assertErrno(mkdir(trace.syscalls(), "a"), Errno.EEXIST);
    assertThat(trace.calls())
        .hasToString(
            "[mkdirat(%1$d, \"a\", 448) = 0, mkdirat(%1$d, \"a\", 448) = -1 EEXIST]"
                .formatted(dir.dirfd));
    assertThat(trace.count("mkdirat")).isEqualTo(2);
    trace.clear();
    assertThat(trace.names()).isEmpty();
  }

  @Test
  void tracingKeepsBuffersAsTheyWereBeforeTheCall() {
    TracingSyscalls trace = new TracingSyscalls(real);
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    trace.syscalls().statx(dir.dirfd, c(""), Abi.AT_EMPTY_PATH, Abi.STATX_TYPE, statx);
    assertThat((byte[]) trace.calls().get(0).args().get(4)).containsOnly(0);
    assertThat(Structs.statxMode(statx)).isNotZero();
  }

  @Test
  void aFaultHitsTheNthCallOnce() {
    FaultingSyscalls faults = FaultingSyscalls.once(real, 2, Errno.EIO);
    assertThat(mkdir(faults.syscalls(), "a")).isZero();
    assertThat(faults.hit()).isFalse();
    assertErrno(mkdir(faults.syscalls(), "b"), Errno.EIO);
    assertThat(mkdir(faults.syscalls(), "c")).isZero();
    assertThat(faults.hit()).isTrue();
    assertThat(temp.resolve("b")).doesNotExist();
  }

  @Test
  void aFaultForeverHitsAllCallsFromTheNth() {
    FaultingSyscalls faults = FaultingSyscalls.forever(real, 2, Errno.ENOSPC, "mkdirat");
    assertThat(mkdir(faults.syscalls(), "a")).isZero();
    assertErrno(mkdir(faults.syscalls(), "b"), Errno.ENOSPC);
    assertErrno(mkdir(faults.syscalls(), "c"), Errno.ENOSPC);
    assertThat(faults.syscalls().fcntl(dir.dirfd, Abi.F_GETFD, 0)).isEqualTo(Abi.FD_CLOEXEC);
    assertThat(faults.counted()).isEqualTo(3);
  }

  @Test
  void aFaultAfterDoingLeavesTheEffect() {
    FaultingSyscalls faults = FaultingSyscalls.onceAfterDoing(real, 1, Errno.EIO, "mkdirat");
    assertErrno(mkdir(faults.syscalls(), "a"), Errno.EIO);
    assertThat(temp.resolve("a")).isDirectory();
  }

  @Test
  void aFailedCloseHasClosed() {
    FaultingSyscalls faults = FaultingSyscalls.once(real, 1, Errno.EIO, "close");
    int fd = real.openat(dir.dirfd, c("."), Abi.O_PATH | Abi.O_CLOEXEC, 0);
    assertErrno(faults.syscalls().close(fd), Errno.EIO);
    assertErrno(real.fcntl(fd, Abi.F_GETFD, 0), Errno.EBADF);
  }

  @Test
  void callsThatCannotFailDoNot() {
    FaultingSyscalls faults = FaultingSyscalls.forever(real, 1, Errno.EIO);
    assertThat(faults.syscalls().geteuid()).isEqualTo(real.geteuid());
    assertThat(faults.hit()).isFalse();
  }

  @Test
  void denialsConcernTheNamedCallsFromTheirTimeOn() {
    DenyingSyscalls denying = new DenyingSyscalls(real);
    Syscalls sys =
        denying.deny(Errno.ENOSYS, "openat2").denyAfter(1, Errno.EPERM, "mkdirat").syscalls();
    assertErrno(sys.openat2(dir.dirfd, c("."), Abi.O_PATH, 0, 0), Errno.ENOSYS);
    assertThat(mkdir(sys, "a")).isZero();
    assertErrno(mkdir(sys, "b"), Errno.EPERM);
    denying.allow("mkdirat");
    assertThat(mkdir(sys, "b")).isZero();
  }

  @Test
  void aMisspeltCallIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DenyingSyscalls(real).deny(Errno.ENOSYS, "opennat2"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultingSyscalls.once(real, 1, Errno.EIO, "opennat2"));
  }

  private int mkdir(Syscalls sys, String name) {
    return sys.mkdirat(dir.dirfd, c(name), 0700);
  }
}
