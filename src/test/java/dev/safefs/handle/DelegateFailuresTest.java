package dev.safefs.handle;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Tag("R4")
class DelegateFailuresTest {
  private static final String PATH = "/proc/self/fd/7";

  static Stream<IOException> failures() {
    return Stream.of(
        new NoSuchFileException(PATH, null, null),
        new AccessDeniedException(PATH, PATH, null),
        new FileAlreadyExistsException(PATH),
        new NotDirectoryException(PATH),
        new NotLinkException(PATH),
        new FileSystemException(PATH, null, "Is a directory"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void theClassStaysAndThePathIsTheUsers(IOException failure) {
    failure.initCause(new IOException(PATH));

    IOException rewritten = DelegateFailures.rewrite(failure, "shown");

    assertThat(rewritten).isExactlyInstanceOf(failure.getClass()).hasNoCause();
    assertThat(rewritten).hasMessageStartingWith("shown").hasMessageNotContaining(PATH);
    assertThat(rewritten.getStackTrace()).isEqualTo(failure.getStackTrace());
  }

  @Test
  void aReasonWithoutPathIsKept() {
    assertThat(DelegateFailures.rewrite(new FileSystemException(PATH, null, "why"), "shown"))
        .hasMessage("shown: why");
    assertThat(
            DelegateFailures.rewrite(
                new FileSystemException(PATH, null, "Input/output error"), "shown"))
        .hasMessage("shown: Input/output error");
    assertThat(DelegateFailures.rewrite(new FileSystemException("x", null, "in " + PATH), "shown"))
        .hasMessage("shown: FileSystemException");
  }

  @Test
  void otherExceptionsAreOnlyRewrittenIfTheyShowAPath() {
    IOException closed = new ClosedChannelException();
    IOException suppressing = new IOException("why");
    suppressing.addSuppressed(new IOException(PATH));

    assertThat(DelegateFailures.rewrite(closed, "shown")).isSameAs(closed);
    assertThat(DelegateFailures.rewrite(new IOException("no " + PATH, null), "shown"))
        .hasMessage("shown: IOException");
    assertThat(DelegateFailures.rewrite(suppressing, "shown").getSuppressed()).isEmpty();
  }
}
