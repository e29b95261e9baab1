package dev.safefs.sys;

import static dev.safefs.sys.Backends.assertErrno;
import static dev.safefs.sys.Scratch.c;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * The contract of the calls that open, read and describe: one success and one errno each, on every
 * backend.
 */
class OpenSyscallsTest extends OnEachBackend {
  @Test
  void openatCreatesWithTheModeItIsGiven() {
    int fd =
        sys.openat(
            dir.dirfd, c("a"), Abi.O_CREAT | Abi.O_EXCL | Abi.O_WRONLY | Abi.O_CLOEXEC, 0400);
    assertThat(fd).isNotNegative();
    assertThat(sys.close(fd)).isZero();
    assertThat(Structs.statxMode(dir.statx("a"))).isEqualTo(Abi.S_IFREG | 0400);
  }

  @Test
  void openatOfAnAbsentNameIsEnoent() {
    assertErrno(sys.openat(dir.dirfd, c("absent"), Abi.O_RDONLY, 0), Errno.ENOENT);
  }

  @Test
  void openatHonoursThisCpusFlags() {
    dir.file("file", "");
    assertThat(sys.symlinkat(c("file"), dir.dirfd, c("link"))).isZero();
    assertErrno(sys.openat(dir.dirfd, c("file"), Abi.O_DIRECTORY, 0), Errno.ENOTDIR);
    assertErrno(sys.openat(dir.dirfd, c("link"), Abi.O_NOFOLLOW, 0), Errno.ELOOP);
    int anonymous = sys.openat(dir.dirfd, c("."), Abi.O_TMPFILE | Abi.O_RDWR, 0600);
    Requirement.present(anonymous != -Errno.EOPNOTSUPP, "O_TMPFILE in the temporary directory");
    assertThat(sys.close(anonymous)).isZero();
    assertThat(temp).isDirectoryNotContaining("glob:**/#*");
  }

  @Test
  void openat2StaysBeneath() throws Exception {
    Files.createDirectories(temp.resolve("a/b"));
    int fd = sys.openat2(dir.dirfd, c("a/b"), Abi.O_PATH | Abi.O_CLOEXEC, 0, Abi.RESOLVE_BENEATH);
    assertThat(fd).isNotNegative();
    assertThat(sys.close(fd)).isZero();
    assertErrno(
        sys.openat2(dir.dirfd, c("a/../.."), Abi.O_PATH, 0, Abi.RESOLVE_BENEATH), Errno.EXDEV);
  }

  @Test
  void openat2PassesFlagsModeAndResolveInTheirPlaces() {
    long flags = Abi.O_CREAT | Abi.O_EXCL | Abi.O_RDWR | Abi.O_CLOEXEC;
    int fd = sys.openat2(dir.dirfd, c("a"), flags, 0400, Abi.RESOLVE_NO_SYMLINKS);
    assertThat(fd).isNotNegative();
    assertThat(sys.close(fd)).isZero();
    assertThat(Structs.statxMode(dir.statx("a")) & 07777).isEqualTo(0400);
    assertErrno(sys.openat2(dir.dirfd, c("a"), Abi.O_PATH, 0, 1L << 62), Errno.EINVAL);
  }

  @Test
  void closeReleasesTheNumberOnce() {
    int fd = sys.openat(dir.dirfd, c("."), Abi.O_PATH | Abi.O_CLOEXEC, 0);
    assertThat(sys.close(fd)).isZero();
    assertErrno(sys.close(NO_FD), Errno.EBADF);
  }

  @Test
  void statxFillsTheStructure() throws Exception {
    dir.file("a", "12345");
    byte[] statx = dir.statx("a");
    assertThat(Structs.statxMask(statx))
        .matches(mask -> (mask & Abi.STATX_BASIC_STATS) == Abi.STATX_BASIC_STATS);
    assertThat(Structs.statxSize(statx)).isEqualTo(5);
    assertThat(Structs.statxNlink(statx)).isEqualTo(1);
    assertThat(Structs.statxIno(statx))
        .isEqualTo(Files.getAttribute(temp.resolve("a"), "unix:ino"));
    assertThat(Structs.statxDev(statx))
        .isEqualTo(Files.getAttribute(temp.resolve("a"), "unix:dev"));
    assertThat(Structs.statxUid(statx))
        .isEqualTo(Files.getAttribute(temp.resolve("a"), "unix:uid"));
    assertThat(Structs.statxGid(statx))
        .isEqualTo(Files.getAttribute(temp.resolve("a"), "unix:gid"));
    assertThat(Structs.statxMtimeSeconds(statx))
        .isEqualTo(Files.getLastModifiedTime(temp.resolve("a")).toInstant().getEpochSecond());
  }

  @Test
  void statxOfTheDescriptorItself() {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    assertThat(sys.statx(dir.dirfd, c(""), Abi.AT_EMPTY_PATH, Abi.STATX_TYPE, statx)).isZero();
    assertThat(Structs.statxMode(statx) & Abi.S_IFMT).isEqualTo(Abi.S_IFDIR);
  }

  @Test
  void statxFailureLeavesTheBufferAlone() {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    assertErrno(sys.statx(dir.dirfd, c("absent"), 0, Abi.STATX_BASIC_STATS, statx), Errno.ENOENT);
    assertThat(statx).containsOnly(0);
  }

  @Test
  void statxKnowsDevices() {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    assertThat(sys.statx(Abi.AT_FDCWD, c("/dev/null"), 0, Abi.STATX_BASIC_STATS, statx)).isZero();
    assertThat(Structs.statxMode(statx) & Abi.S_IFMT).isEqualTo(Abi.S_IFCHR);
    assertThat(Structs.statxRdev(statx)).isEqualTo(Structs.makedev(1, 3));
  }

  @Test
  void getdents64ListsNamesAndTypes() {
    dir.file("file", "");
    assertThat(sys.mkdirat(dir.dirfd, c("dir"), 0700)).isZero();
    byte[] odd = {'o', (byte) 0xff, (byte) 0xc3, '\n'};
    assertThat(sys.mkdirat(dir.dirfd, c(odd), 0700)).isZero();
    Set<String> seen = new TreeSet<>();
    byte[] dirents = new byte[512];
    int filled = sys.getdents64(dir.dirfd, dirents);
    for (int at = 0; at < filled; at = Structs.direntNext(dirents, at)) {
      seen.add(latin1(Structs.direntName(dirents, at)) + " " + Structs.direntType(dirents, at));
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(". 4", ".. 4", "file 8", "dir 4", latin1(odd) + " 4");
    assertThat(sys.getdents64(dir.dirfd, dirents)).isZero();
  }

  @Test
  void getdents64OfAFileIsEnotdir() {
    assertErrno(sys.getdents64(dir.file("a", ""), new byte[512]), Errno.ENOTDIR);
  }

  @Test
  void getdents64WithTooLittleRoomIsEinval() {
    assertErrno(sys.getdents64(dir.dirfd, new byte[8]), Errno.EINVAL);
  }

  @Test
  void readlinkatReadsBytes() {
    byte[] target = {'x', (byte) 0xfe, '/', (byte) 0x80};
    assertThat(sys.symlinkat(c(target), dir.dirfd, c("link"))).isZero();
    byte[] buf = new byte[64];
    assertThat(sys.readlinkat(dir.dirfd, c("link"), buf)).isEqualTo(target.length);
    assertThat(buf).startsWith(target);
    byte[] small = new byte[2];
    assertThat(sys.readlinkat(dir.dirfd, c("link"), small)).isEqualTo(2);
    assertThat(small).isEqualTo(new byte[] {'x', (byte) 0xfe});
  }

  @Test
  void readlinkatOfTheDescriptorItself() {
    assertThat(sys.symlinkat(c("target"), dir.dirfd, c("link"))).isZero();
    int link = dir.open("link", Abi.O_PATH | Abi.O_NOFOLLOW);
    assertThat(sys.readlinkat(link, c(""), new byte[64])).isEqualTo(6);
  }

  @Test
  void readlinkatOfAFileIsEinval() {
    dir.file("a", "");
    assertErrno(sys.readlinkat(dir.dirfd, c("a"), new byte[64]), Errno.EINVAL);
  }

  @Test
  void faccessat2ChecksTheModeItIsGiven() {
    dir.file("a", "");
    assertThat(sys.faccessat2(dir.dirfd, c("a"), Abi.R_OK, Abi.AT_EACCESS)).isZero();
    assertErrno(sys.faccessat2(dir.dirfd, c("a"), Abi.X_OK, Abi.AT_EACCESS), Errno.EACCES);
  }

  @Test
  void readReturnsBytesAndThenZero() {
    int fd = dir.file("a", "12345");
    byte[] buf = new byte[8];
    assertThat(sys.read(fd, buf, 3)).isEqualTo(3);
    assertThat(buf).isEqualTo(new byte[] {'1', '2', '3', 0, 0, 0, 0, 0});
    assertThat(sys.read(fd, buf, 8)).isEqualTo(2);
    assertThat(sys.read(fd, buf, 8)).isZero();
    assertErrno(sys.read(dir.dirfd, buf, 8), Errno.EISDIR);
  }

  @Test
  void writeTakesTheRangeItIsGiven() throws Exception {
    int fd = dir.file("a", "");
    assertThat(sys.write(fd, "..abc..".getBytes(), 2, 3)).isEqualTo(3);
    assertThat(dir.content("a")).isEqualTo("abc");
    assertErrno(sys.write(dir.open("a", Abi.O_RDONLY), new byte[1], 0, 1), Errno.EBADF);
  }

  @Test
  void readAndWriteOfMuchDoAsMuchAsTheyReturn() throws Exception {
    int fd = dir.file("a", "");
    byte[] much = new byte[1 << 20];
    Arrays.fill(much, (byte) 7);
    int written = sys.write(fd, much, 0, much.length);
    assertThat(written).isPositive();
    assertThat(temp.resolve("a")).hasSize(written);
    assertThat(sys.lseek(fd, 0, Abi.SEEK_SET)).isZero();
    assertThat(sys.read(fd, new byte[1 << 20], 1 << 20)).isPositive();
    assertThat(Files.readAllBytes(temp.resolve("a"))).containsOnly(7);
  }

  @Test
  void lseekTakesAndReturns64Bits() {
    int fd = dir.file("a", "");
    long far = (5L << 32) + 7;
    assertThat(sys.lseek(fd, far, Abi.SEEK_SET)).isEqualTo(far);
    assertThat(sys.lseek(fd, 0, Abi.SEEK_CUR)).isEqualTo(far);
    assertErrno(sys.lseek(fd, -1, Abi.SEEK_SET), Errno.EINVAL);
    assertErrno(sys.lseek(fd, 0, Abi.SEEK_DATA), Errno.ENXIO);
  }

  @Test
  void fstatfsTellsTheFileSystem() {
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    int proc = sys.openat(Abi.AT_FDCWD, c("/proc"), Abi.O_PATH | Abi.O_CLOEXEC, 0);
    assertThat(sys.fstatfs(proc, statfs)).isZero();
    assertThat(sys.close(proc)).isZero();
    assertThat(Structs.statfsType(statfs)).isEqualTo(Abi.PROC_SUPER_MAGIC);
    assertErrno(sys.fstatfs(NO_FD, statfs), Errno.EBADF);
  }

  @Test
  void theEffectiveUserOwnsNewFiles() {
    dir.file("a", "");
    assertThat(sys.geteuid()).isEqualTo(Structs.statxUid(dir.statx("a")));
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
