package dev.safefs.sys;

import static dev.safefs.sys.Backends.assertErrno;
import static dev.safefs.sys.Scratch.c;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract of the extended attribute calls, on every backend. */
class XattrSyscallsTest extends OnEachBackend {
  private static final byte[] NAME = c("user.safefs");
  private int fd;

  @BeforeEach
  void attributes() {
    fd = dir.file("a", "");
    boolean supported = sys.fsetxattr(fd, c("user.probe"), new byte[0], 0) != -Errno.EOPNOTSUPP;
    Requirement.present(supported, "user attributes in the temporary directory");
    assertThat(sys.fremovexattr(fd, c("user.probe"))).isZero();
  }

  @Test
  void fsetxattrAndFgetxattrCarryAnyBytes() {
    byte[] value = {0, 1, (byte) 0xff, 0};
    assertThat(sys.fsetxattr(fd, NAME, value, Abi.XATTR_CREATE)).isZero();
    byte[] read = new byte[8];
    assertThat(sys.fgetxattr(fd, NAME, read)).isEqualTo(4);
    assertThat(Arrays.copyOf(read, 4)).isEqualTo(value);
    assertErrno(sys.fsetxattr(fd, NAME, value, Abi.XATTR_CREATE), Errno.EEXIST);
    assertErrno(sys.fgetxattr(fd, c("user.absent"), read), Errno.ENODATA);
  }

  @Test
  void setxattrAndGetxattrTakeAPath() {
    assertThat(sys.setxattr(dir.at("a"), NAME, new byte[] {1, 2, 3}, 0)).isZero();
    byte[] read = new byte[3];
    assertThat(sys.getxattr(dir.at("a"), NAME, read)).isEqualTo(3);
    assertThat(read).isEqualTo(new byte[] {1, 2, 3});
    assertErrno(sys.setxattr(dir.at("absent"), NAME, new byte[1], 0), Errno.ENOENT);
    assertErrno(sys.getxattr(dir.at("absent"), NAME, read), Errno.ENOENT);
  }

  @Test
  void lengthZeroAsksForTheSize() {
    assertThat(sys.fsetxattr(fd, NAME, new byte[300], 0)).isZero();
    assertThat(sys.fgetxattr(fd, NAME, new byte[0])).isEqualTo(300);
    assertThat(sys.getxattr(dir.at("a"), NAME, new byte[0])).isEqualTo(300);
    assertThat(sys.flistxattr(fd, new byte[0])).isEqualTo(NAME.length);
    assertThat(sys.listxattr(dir.at("a"), new byte[0])).isEqualTo(NAME.length);
  }

  @Test
  void tooLittleRoomIsErange() {
    assertThat(sys.fsetxattr(fd, NAME, new byte[300], 0)).isZero();
    assertErrno(sys.fgetxattr(fd, NAME, new byte[299]), Errno.ERANGE);
    assertErrno(sys.flistxattr(fd, new byte[1]), Errno.ERANGE);
  }

  @Test
  void anEmptyValueIsAValue() {
    assertThat(sys.fsetxattr(fd, NAME, new byte[0], 0)).isZero();
    assertThat(sys.fgetxattr(fd, NAME, new byte[8])).isZero();
  }

  @Test
  void moreThanTheLargestValueIsE2big() {
    assertErrno(sys.fsetxattr(fd, NAME, new byte[Abi.XATTR_SIZE_MAX + 1], 0), Errno.E2BIG);
    assertErrno(sys.setxattr(dir.at("a"), NAME, new byte[1 << 20], 0), Errno.E2BIG);
  }

  @Test
  void listsGiveNamesWithTheirNul() {
    assertThat(sys.fsetxattr(fd, NAME, new byte[1], 0)).isZero();
    byte[] list = new byte[64];
    assertThat(sys.flistxattr(fd, list)).isEqualTo(NAME.length);
    assertThat(list).startsWith(NAME);
    byte[] other = new byte[1 << 20];
    assertThat(sys.listxattr(dir.at("a"), other)).isEqualTo(NAME.length);
    assertThat(other).startsWith(NAME);
    assertErrno(sys.flistxattr(NO_FD, list), Errno.EBADF);
    assertErrno(sys.listxattr(dir.at("absent"), list), Errno.ENOENT);
  }

  @Test
  void fremovexattrAndRemovexattrRemoveOnce() {
    assertThat(sys.fsetxattr(fd, NAME, new byte[1], 0)).isZero();
    assertThat(sys.fremovexattr(fd, NAME)).isZero();
    assertErrno(sys.fremovexattr(fd, NAME), Errno.ENODATA);
    assertThat(sys.setxattr(dir.at("a"), NAME, new byte[1], 0)).isZero();
    assertThat(sys.removexattr(dir.at("a"), NAME)).isZero();
    assertErrno(sys.removexattr(dir.at("a"), NAME), Errno.ENODATA);
  }
}
