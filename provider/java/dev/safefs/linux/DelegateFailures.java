package dev.safefs.linux;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import org.jspecify.annotations.Nullable;

/**
 * Gives the delegate's exceptions the user's path: those it makes show a path of ours, or one of
 * the machine.
 */
final class DelegateFailures {
  private DelegateFailures() {}

  /** Returns an exception of the same class that shows nothing but the user's path. */
  static IOException rewrite(IOException failure, String display) {
    if (!(failure instanceof FileSystemException) && !showsPath(failure)) {
      return failure;
    }
    IOException rewritten = rewritten(failure, display);
    rewritten.setStackTrace(failure.getStackTrace());
    return rewritten;
  }

  private static IOException rewritten(IOException failure, String display) {
    String reason = reason(failure);
    if (failure instanceof NoSuchFileException) {
      return new NoSuchFileException(display, null, reason);
    }
    if (failure instanceof AccessDeniedException) {
      return new AccessDeniedException(display, null, reason);
    }
    if (failure instanceof FileAlreadyExistsException) {
      return new FileAlreadyExistsException(display, null, reason);
    }
    if (failure instanceof NotDirectoryException) {
      return new NotDirectoryException(display);
    }
    return failure instanceof NotLinkException
        ? new NotLinkException(display, null, reason)
        : new FileSystemException(display, null, reason);
  }

  private static @Nullable String reason(IOException failure) {
    String reason =
        failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
    return reason == null || reason.indexOf('/') < 0 || isErrorText(reason)
        ? reason
        : failure.getClass().getSimpleName();
  }

  /** Recognises the C library's only common text with a slash. */
  private static boolean isErrorText(String reason) {
    return reason.equals("Input/output error");
  }

  private static boolean showsPath(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String message = t.getMessage();
      if (t.getSuppressed().length > 0 || (message != null && message.indexOf('/') >= 0)) {
        return true;
      }
    }
    return false;
  }
}
