package dev.safefs.handle;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import org.jspecify.annotations.Nullable;

/**
 * Gives the delegate's exceptions the user's path: those it makes show a path of ours, or where the
 * root is. Promise R4.
 */
public final class DelegateFailures {
  private DelegateFailures() {}

  /**
   * Returns an exception of the same class that shows nothing but the user's path.
   *
   * @param failure of the delegate
   * @param display the user's path
   * @return the failure itself if it shows no path at all
   */
  public static IOException rewrite(IOException failure, String display) {
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
    if (failure instanceof DirectoryNotEmptyException) {
      return new DirectoryNotEmptyException(display);
    }
    return failure instanceof NotLinkException
        ? new NotLinkException(display, null, reason)
        : new FileSystemException(display, null, reason);
  }

  private static @Nullable String reason(IOException failure) {
    String reason =
        failure instanceof FileSystemException known ? known.getReason() : failure.getMessage();
    return reason == null || !hasSeparator(reason) || isErrorText(reason)
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
      if (t.getSuppressed().length > 0 || (message != null && hasSeparator(message))) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasSeparator(String text) {
    return text.indexOf('/') >= 0 || text.indexOf('\\') >= 0;
  }
}
