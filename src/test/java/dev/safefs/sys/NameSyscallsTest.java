package dev.safefs.sys;

import static dev.safefs.sys.Backends.assertErrno;
import static dev.safefs.sys.Scratch.c;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * The contract of the calls that make, rename and remove names: one success and one errno each, on
 * every backend.
 */
class NameSyscallsTest extends OnEachBackend {
  @Test
  void renameatReplaces() throws Exception {
    dir.file("a", "a");
    dir.file("b", "b");
    assertThat(sys.renameat(dir.dirfd, c("a"), dir.dirfd, c("b"))).isZero();
    assertThat(dir.content("b")).isEqualTo("a");
    assertErrno(sys.renameat(dir.dirfd, c("a"), dir.dirfd, c("b")), Errno.ENOENT);
  }

  @Test
  void renameat2WithNoreplaceKeepsBoth() throws Exception {
    dir.file("a", "a");
    dir.file("b", "b");
    int flags = Abi.RENAME_NOREPLACE;
    assertErrno(sys.renameat2(dir.dirfd, c("a"), dir.dirfd, c("b"), flags), Errno.EEXIST);
    assertThat(sys.renameat2(dir.dirfd, c("a"), dir.dirfd, c("c"), flags)).isZero();
    assertThat(dir.content("b") + dir.content("c")).isEqualTo("ba");
  }

  @Test
  void renameat2ExchangesAcrossDirectories() throws Exception {
    dir.file("a", "a");
    assertThat(sys.mkdirat(dir.dirfd, c("d"), 0700)).isZero();
    int d = dir.open("d", Abi.O_PATH | Abi.O_DIRECTORY);
    Files.writeString(temp.resolve("d/b"), "b");
    assertThat(sys.renameat2(dir.dirfd, c("a"), d, c("b"), Abi.RENAME_EXCHANGE)).isZero();
    assertThat(dir.content("a") + dir.content("d/b")).isEqualTo("ba");
  }

  @Test
  void linkatAddsAName() {
    dir.file("a", "");
    assertThat(sys.linkat(dir.dirfd, c("a"), dir.dirfd, c("b"), 0)).isZero();
    assertThat(Structs.statxNlink(dir.statx("a"))).isEqualTo(2);
    assertErrno(sys.linkat(dir.dirfd, c("a"), dir.dirfd, c("b"), 0), Errno.EEXIST);
  }

  @Test
  void linkatFollowsOnlyWhenAsked() {
    dir.file("a", "");
    assertThat(sys.symlinkat(c("a"), dir.dirfd, c("link"))).isZero();
    assertThat(sys.linkat(dir.dirfd, c("link"), dir.dirfd, c("kept"), 0)).isZero();
    assertThat(sys.linkat(dir.dirfd, c("link"), dir.dirfd, c("followed"), Abi.AT_SYMLINK_FOLLOW))
        .isZero();
    assertThat(temp.resolve("kept")).isSymbolicLink();
    assertThat(Structs.statxMode(dir.statx("followed")) & Abi.S_IFMT).isEqualTo(Abi.S_IFREG);
  }

  @Test
  void symlinkatNeverReplaces() throws Exception {
    assertThat(sys.symlinkat(c("nowhere"), dir.dirfd, c("link"))).isZero();
    assertThat(Files.readSymbolicLink(temp.resolve("link"))).hasToString("nowhere");
    assertErrno(sys.symlinkat(c("other"), dir.dirfd, c("link")), Errno.EEXIST);
  }

  @Test
  void unlinkatRemovesFilesAndWithAFlagDirectories() {
    dir.file("a", "");
    assertThat(sys.mkdirat(dir.dirfd, c("d"), 0700)).isZero();
    assertErrno(sys.unlinkat(dir.dirfd, c("d"), 0), Errno.EISDIR);
    assertErrno(sys.unlinkat(dir.dirfd, c("a"), Abi.AT_REMOVEDIR), Errno.ENOTDIR);
    assertThat(sys.unlinkat(dir.dirfd, c("a"), 0)).isZero();
    assertThat(sys.unlinkat(dir.dirfd, c("d"), Abi.AT_REMOVEDIR)).isZero();
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void mkdiratMakesADirectoryOnce() {
    assertThat(sys.mkdirat(dir.dirfd, c("d"), 0700)).isZero();
    assertThat(Structs.statxMode(dir.statx("d"))).isEqualTo(Abi.S_IFDIR | 0700);
    assertErrno(sys.mkdirat(dir.dirfd, c("d"), 0700), Errno.EEXIST);
  }

  @Test
  void mknodatMakesAFifo() {
    assertThat(sys.mknodat(dir.dirfd, c("fifo"), Abi.S_IFIFO | 0600, 0)).isZero();
    assertThat(Structs.statxMode(dir.statx("fifo"))).isEqualTo(Abi.S_IFIFO | 0600);
    assertErrno(sys.mknodat(dir.dirfd, c("fifo"), Abi.S_IFIFO | 0600, 0), Errno.EEXIST);
  }

  @Test
  void namesAreBytes() {
    byte[] name = {(byte) 0xff, (byte) 0xfe, ' ', 1};
    byte[] other = {(byte) 0x80};
    assertThat(sys.mkdirat(dir.dirfd, c(name), 0700)).isZero();
    assertThat(sys.renameat2(dir.dirfd, c(name), dir.dirfd, c(other), Abi.RENAME_NOREPLACE))
        .isZero();
    assertThat(sys.unlinkat(dir.dirfd, c(other), Abi.AT_REMOVEDIR)).isZero();
  }

  @Test
  void aNameMayHave255Bytes() {
    assertThat(sys.mkdirat(dir.dirfd, c("n".repeat(Abi.NAME_MAX)), 0700)).isZero();
    assertErrno(sys.mkdirat(dir.dirfd, c("n".repeat(Abi.NAME_MAX + 1)), 0700), Errno.ENAMETOOLONG);
  }

  @Test
  void aPathMayHave4095BytesAndItsNul() {
    String longest = "./".repeat(Abi.PATH_MAX / 2 - 1) + "d";
    assertThat(longest).hasSize(Abi.PATH_MAX - 1);
    assertThat(sys.mkdirat(dir.dirfd, c(longest), 0700)).isZero();
    assertThat(sys.renameat(dir.dirfd, c(longest), dir.dirfd, c(longest.replace('d', 'e'))))
        .isZero();
    assertErrno(sys.mkdirat(dir.dirfd, c("./" + longest), 0700), Errno.ENAMETOOLONG);
    assertErrno(sys.mkdirat(dir.dirfd, c("./".repeat(100_000)), 0700), Errno.ENAMETOOLONG);
  }

  @Test
  void anEmptyPathIsEnoent() {
    assertErrno(sys.mkdirat(dir.dirfd, c(""), 0700), Errno.ENOENT);
  }

  @Test
  void aForgottenNulDoesNotReachBeyondTheArray() {
    assertThat(sys.mkdirat(dir.dirfd, c("abcdef"), 0700)).isZero();
    assertThat(sys.mkdirat(dir.dirfd, new byte[] {'x'}, 0700)).isZero();
    assertThat(temp.resolve("x")).isDirectory();
  }
}
