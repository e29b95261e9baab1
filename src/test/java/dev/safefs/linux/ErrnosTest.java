package dev.safefs.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.handle.Refusal;
import dev.safefs.sys.Errno;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrnosTest {
  static Stream<Arguments> classes() {
    return Stream.of(
        Arguments.of(Errno.ENOENT, NoSuchFileException.class, null),
        Arguments.of(Errno.EEXIST, FileAlreadyExistsException.class, null),
        Arguments.of(Errno.EACCES, AccessDeniedException.class, null),
        Arguments.of(
            Errno.EPERM, FileSystemException.class, "call: EPERM (Operation not permitted)"),
        Arguments.of(
            Errno.ENOSPC, FileSystemException.class, "call: ENOSPC (No space left on device)"),
        Arguments.of(Errno.EROFS, FileSystemException.class, "call: EROFS (Read-only file system)"),
        Arguments.of(Errno.ENOTDIR, FileSystemException.class, "call: ENOTDIR (Not a directory)"),
        Arguments.of(
            Errno.ELOOP,
            FileSystemException.class,
            "call: ELOOP (Too many levels of symbolic links)"),
        Arguments.of(
            Errno.EXDEV, FileSystemException.class, "call: EXDEV (Invalid cross-device link)"),
        Arguments.of(Errno.EHWPOISON, FileSystemException.class, "call: EHWPOISON"),
        Arguments.of(999, FileSystemException.class, "call: errno 999"));
  }

  @ParameterizedTest
  @MethodSource("classes")
  @Tag("K3")
  void eachErrnoHasTheClassThatTheJdkGivesIt(
      int errno, Class<? extends FileSystemException> type, String reason) {
    FileSystemException exception = Errnos.exception("call", -errno, "a", "b");

    assertThat(exception).isExactlyInstanceOf(type);
    assertThat(exception.getFile()).isEqualTo("a");
    assertThat(exception.getOtherFile()).isEqualTo("b");
    assertThat(exception.getReason()).isEqualTo(reason);
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void whatCallersBranchOnIsCarried(int errno, Set<Refusal> carried) {
    FileSystemException exception = Errnos.exception("call", -errno, "a");

    for (Refusal refusal : Refusal.values()) {
      assertThat(refusal.isIn(exception)).isEqualTo(carried.contains(refusal));
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(Errno.EPERM, Set.of(Refusal.NOT_PERMITTED)),
        Arguments.of(Errno.EBUSY, Set.of(Refusal.BUSY)),
        Arguments.of(Errno.EROFS, Set.of(Refusal.READ_ONLY)),
        Arguments.of(Errno.EINVAL, Set.of(Refusal.UNSUPPORTED)),
        Arguments.of(Errno.EOPNOTSUPP, Set.of(Refusal.UNSUPPORTED)),
        Arguments.of(Errno.EOVERFLOW, Set.of(Refusal.UNSUPPORTED)),
        Arguments.of(Errno.EIO, Set.of()),
        Arguments.of(Errno.ENOSPC, Set.of(Refusal.FULL)),
        Arguments.of(Errno.EDQUOT, Set.of(Refusal.FULL)),
        Arguments.of(Errno.EIO, Set.of()),
        Arguments.of(Errno.EACCES, Set.of(Refusal.NOT_PERMITTED)));
  }

  @Test
  void aFailureCarriesWhatItsCauseDoes() {
    FileSystemException cause = Errnos.exception("call", -Errno.EBUSY, "a");
    FileSystemException failure = new FileSystemException("b");
    failure.initCause(cause);

    assertThat(Refusal.BUSY.isIn(failure)).isTrue();
    assertThat(Refusal.READ_ONLY.isIn(failure)).isFalse();
  }

  @Test
  void aCallWithOnePathHasNoOther() {
    assertThat(Errnos.exception("call", -Errno.ENOENT, "a").getOtherFile()).isNull();
  }
}
