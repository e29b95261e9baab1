package dev.safefs.linux;

import dev.safefs.handle.Refusal;
import dev.safefs.sys.Errno;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * The one table from errno to exception: the same classes as the JDK's {@code UnixException}. Where
 * the class tells everything there is no reason, as in the JDK; else the reason is the system call,
 * the errno and its text.
 */
final class Errnos {
  private Errnos() {}

  /**
   * Makes the exception for a failed call.
   *
   * @param call its name
   * @param result what it returned: the errno, negative
   * @param display the user's path
   */
  static FileSystemException exception(String call, long result, String display) {
    return exception(call, result, display, null);
  }

  /** Makes the exception for a failed call with two paths. */
  static FileSystemException exception(
      String call, long result, String display, @Nullable String other) {
    return switch ((int) -result) {
      case Errno.ENOENT -> new NoSuchFileException(display, other, null);
      case Errno.EEXIST -> new FileAlreadyExistsException(display, other, null);
      case Errno.EACCES -> new AccessDeniedException(display, other, null);
      default -> carrying(result, new FileSystemException(display, other, reason(call, result)));
    };
  }

  /**
   * Lets the exception for a failed call carry what callers branch on. EACCES is a right that is
   * not in the permission bits, such as a security module's to a label, where these were asked
   * before.
   */
  static FileSystemException carrying(long result, FileSystemException failure) {
    return switch ((int) -result) {
      case Errno.EPERM, Errno.EACCES -> Refusal.NOT_PERMITTED.in(failure);
      case Errno.EBUSY -> Refusal.BUSY.in(failure);
      case Errno.EROFS -> Refusal.READ_ONLY.in(failure);
      case Errno.ENOSPC, Errno.EDQUOT -> Refusal.FULL.in(failure);
      case Errno.EINVAL, Errno.EOPNOTSUPP, Errno.EOVERFLOW -> Refusal.UNSUPPORTED.in(failure);
      default -> failure;
    };
  }

  /** Returns {@code "renameat2: EXDEV (Invalid cross-device link)"}. */
  static String reason(String call, long result) {
    int errno = (int) -result;
    String text = text(errno);
    return call + ": " + Errno.name(errno) + (text.isEmpty() ? "" : " (" + text + ")");
  }

  /** Returns glibc's text, which programs look for in messages. */
  private static String text(int errno) {
    return switch (errno) {
      case Errno.EPERM -> "Operation not permitted";
      case Errno.ENOENT -> "No such file or directory";
      case Errno.EINTR -> "Interrupted system call";
      case Errno.EIO -> "Input/output error";
      case Errno.ENXIO -> "No such device or address";
      case Errno.EBADF -> "Bad file descriptor";
      case Errno.EAGAIN -> "Resource temporarily unavailable";
      case Errno.ENOMEM -> "Cannot allocate memory";
      case Errno.EACCES -> "Permission denied";
      case Errno.EBUSY -> "Device or resource busy";
      case Errno.EEXIST -> "File exists";
      case Errno.EXDEV -> "Invalid cross-device link";
      case Errno.ENODEV -> "No such device";
      case Errno.ENOTDIR -> "Not a directory";
      case Errno.EISDIR -> "Is a directory";
      case Errno.EINVAL -> "Invalid argument";
      case Errno.ENFILE -> "Too many open files in system";
      case Errno.EMFILE -> "Too many open files";
      case Errno.ETXTBSY -> "Text file busy";
      case Errno.EFBIG -> "File too large";
      case Errno.ENOSPC -> "No space left on device";
      case Errno.EROFS -> "Read-only file system";
      case Errno.EMLINK -> "Too many links";
      case Errno.ERANGE -> "Numerical result out of range";
      case Errno.ENAMETOOLONG -> "File name too long";
      case Errno.ENOSYS -> "Function not implemented";
      case Errno.ENOTEMPTY -> "Directory not empty";
      case Errno.ELOOP -> "Too many levels of symbolic links";
      case Errno.ENODATA -> "No data available";
      case Errno.EOVERFLOW -> "Value too large for defined data type";
      case Errno.EILSEQ -> "Invalid or incomplete multibyte or wide character";
      case Errno.EOPNOTSUPP -> "Operation not supported";
      case Errno.ESTALE -> "Stale file handle";
      case Errno.EDQUOT -> "Disk quota exceeded";
      default -> "";
    };
  }
}
