package dev.safefs.sys;

import static dev.safefs.sys.Backends.assertErrno;
import static dev.safefs.sys.Scratch.c;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import org.junit.jupiter.api.Test;

/**
 * The contract of the calls that change files and their attributes: one success and one errno each,
 * on every backend.
 */
class AttributeSyscallsTest extends OnEachBackend {
  @Test
  void fchmodSetsTheMode() {
    int fd = dir.file("a", "");
    assertThat(sys.fchmod(fd, 0640)).isZero();
    assertThat(Structs.statxMode(dir.statx("a")) & 07777).isEqualTo(0640);
    assertErrno(sys.fchmod(dir.open("a", Abi.O_PATH), 0600), Errno.EBADF);
  }

  @Test
  void fchmodatFollowsALink() {
    dir.file("a", "");
    assertThat(sys.symlinkat(c("a"), dir.dirfd, c("link"))).isZero();
    assertThat(sys.fchmodat(dir.dirfd, c("link"), 0604)).isZero();
    assertThat(Structs.statxMode(dir.statx("a")) & 07777).isEqualTo(0604);
    assertErrno(sys.fchmodat(dir.dirfd, c("absent"), 0600), Errno.ENOENT);
  }

  @Test
  void fchmodat2RefusesToChangeALinkItself() {
    dir.file("a", "");
    int supported = sys.fchmodat2(dir.dirfd, c("a"), 0600, 0);
    Requirement.present(supported != -Errno.ENOSYS, "fchmodat2, Linux 6.6");
    assertThat(sys.fchmodat2(dir.dirfd, c("a"), 0641, Abi.AT_SYMLINK_NOFOLLOW)).isZero();
    assertThat(Structs.statxMode(dir.statx("a")) & 07777).isEqualTo(0641);
    assertThat(sys.symlinkat(c("a"), dir.dirfd, c("link"))).isZero();
    assertErrno(
        sys.fchmodat2(dir.dirfd, c("link"), 0600, Abi.AT_SYMLINK_NOFOLLOW), Errno.EOPNOTSUPP);
  }

  @Test
  void fchownatLeavesAnIdOfMinusOne() {
    dir.file("a", "");
    byte[] before = dir.statx("a");
    assertThat(sys.fchownat(dir.dirfd, c("a"), -1, -1, Abi.AT_SYMLINK_NOFOLLOW)).isZero();
    assertThat(sys.fchownat(dir.dirfd, c("a"), sys.geteuid(), Structs.statxGid(before), 0))
        .isZero();
    assertThat(Structs.statxUid(dir.statx("a"))).isEqualTo(Structs.statxUid(before));
    assertErrno(sys.fchownat(dir.dirfd, c("absent"), -1, -1, 0), Errno.ENOENT);
  }

  @Test
  void getrandomFillsWithoutRepeating() {
    byte[] first = new byte[256];
    byte[] second = new byte[256];
    assertThat(sys.getrandom(first, 0)).isEqualTo(first.length);
    assertThat(sys.getrandom(second, 0)).isEqualTo(second.length);
    assertThat(second).isNotEqualTo(first);
    assertErrno(sys.getrandom(second, -1), Errno.EINVAL);
  }

  @Test
  void utimensatSetsNanoseconds() {
    dir.file("a", "");
    byte[] times = Structs.timespecs(1_000_000_001, 7, 5_000_000_003L, 999_999_999);
    assertThat(sys.utimensat(dir.dirfd, c("a"), times, Abi.AT_SYMLINK_NOFOLLOW)).isZero();
    byte[] statx = dir.statx("a");
    assertThat(Structs.statxAtimeSeconds(statx)).isEqualTo(1_000_000_001);
    assertThat(Structs.statxMtimeSeconds(statx)).isEqualTo(5_000_000_003L);
    assertThat(Structs.statxMtimeNanos(statx)).isBetween(999_999_900, 999_999_999);
    byte[] bad = Structs.timespecs(0, 1_000_000_000, 0, 0);
    assertErrno(sys.utimensat(dir.dirfd, c("a"), bad, 0), Errno.EINVAL);
  }

  @Test
  void utimensatOmitsATime() {
    dir.file("a", "");
    assertThat(sys.utimensat(dir.dirfd, c("a"), Structs.timespecs(11, 0, 12, 0), 0)).isZero();
    byte[] onlyMtime = Structs.timespecs(0, Abi.UTIME_OMIT, 13, 0);
    assertThat(sys.utimensat(dir.dirfd, c("a"), onlyMtime, 0)).isZero();
    assertThat(Structs.statxAtimeSeconds(dir.statx("a"))).isEqualTo(11);
    assertThat(Structs.statxMtimeSeconds(dir.statx("a"))).isEqualTo(13);
  }

  @Test
  void utimensatWithoutAPathActsOnTheDescriptor() {
    int fd = dir.file("a", "");
    assertThat(sys.utimensat(fd, new byte[0], Structs.timespecs(21, 0, 22, 0), 0)).isZero();
    assertThat(Structs.statxMtimeSeconds(dir.statx("a"))).isEqualTo(22);
    assertErrno(sys.utimensat(NO_FD, new byte[0], Structs.timespecs(0, 0, 0, 0), 0), Errno.EBADF);
  }

  @Test
  void fsyncAndFdatasyncTakeADescriptor() {
    int fd = dir.file("a", "a");
    assertThat(sys.fsync(fd)).isZero();
    assertThat(sys.fdatasync(fd)).isZero();
    assertThat(sys.fsync(dir.dirfd)).isZero();
    assertErrno(sys.fsync(NO_FD), Errno.EBADF);
    assertErrno(sys.fdatasync(dir.open("a", Abi.O_PATH)), Errno.EBADF);
  }

  @Test
  void ftruncateTakes64Bits() {
    int fd = dir.file("a", "abc");
    long large = (3L << 32) + 1;
    assertThat(sys.ftruncate(fd, large)).isZero();
    assertThat(Structs.statxSize(dir.statx("a"))).isEqualTo(large);
    assertErrno(sys.ftruncate(fd, -1), Errno.EINVAL);
  }

  @Test
  void copyFileRangeTakesSixArgumentsAndLeavesPositions() throws Exception {
    int from = dir.file("a", "0123456789");
    int to = dir.file("b", "");
    assertThat(sys.copy_file_range(from, 2, to, 1, 5)).isEqualTo(5);
    assertThat(dir.content("b")).isEqualTo("\00023456");
    assertThat(sys.lseek(from, 0, Abi.SEEK_CUR)).isZero();
    assertThat(sys.lseek(to, 0, Abi.SEEK_CUR)).isZero();
    assertThat(sys.copy_file_range(from, 10, to, 0, 5)).isZero();
    assertErrno(sys.copy_file_range(from, 0, dir.open("b", Abi.O_RDONLY), 0, 5), Errno.EBADF);
  }

  @Test
  void ioctlFicloneClonesOrSaysWhyNot() throws Exception {
    int from = dir.file("a", "content");
    int to = dir.file("b", "");
    assertErrno(sys.ioctl_ficlone(to, NO_FD), Errno.EBADF);
    assertErrno(sys.ioctl_ficlone(NO_FD, from), Errno.EBADF);
    int result = sys.ioctl_ficlone(to, from);
    if (result == 0) {
      assertThat(dir.content("b")).isEqualTo("content");
    } else {
      assertErrno(result, Errno.EOPNOTSUPP);
    }
  }

  @Test
  void fcntlWithANumber() {
    int fd = dir.file("a", "");
    assertThat(sys.fcntl(fd, Abi.F_GETFD, 0)).isEqualTo(Abi.FD_CLOEXEC);
    assertThat(sys.fcntl(fd, Abi.F_GETFL, 0)).isEqualTo(Abi.O_RDWR | Abi.O_LARGEFILE);
    int copy = sys.fcntl(fd, Abi.F_DUPFD_CLOEXEC, 100);
    assertThat(copy).isGreaterThanOrEqualTo(100);
    assertThat(sys.close(copy)).isZero();
    assertErrno(sys.fcntl(NO_FD, Abi.F_GETFD, 0), Errno.EBADF);
  }

  @Test
  void fcntlWithALock() {
    int one = dir.file("a", "0123456789");
    int other = dir.open("a", Abi.O_RDWR);
    byte[] lock = Structs.flock(Abi.F_WRLCK, 2, 3);
    assertThat(sys.fcntl(one, Abi.F_OFD_SETLK, lock)).isZero();
    assertErrno(sys.fcntl(other, Abi.F_OFD_SETLK, Structs.flock(Abi.F_WRLCK, 0, 0)), Errno.EAGAIN);
    byte[] query = Structs.flock(Abi.F_WRLCK, 0, 0);
    assertThat(sys.fcntl(other, Abi.F_OFD_GETLK, query)).isZero();
    assertThat(Structs.flockType(query)).isEqualTo(Abi.F_WRLCK);
    assertThat(Structs.flockPid(query)).isEqualTo(-1);
    byte[] beside = Structs.flock(Abi.F_WRLCK, 5, 0);
    assertThat(sys.fcntl(other, Abi.F_OFD_GETLK, beside)).isZero();
    assertThat(Structs.flockType(beside)).isEqualTo(Abi.F_UNLCK);
  }
}
