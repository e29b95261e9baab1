package dev.safefs;

import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;

/**
 * Makes the temporary files of {@code java.nio.file.Files} private. Promise T3.
 *
 * <p>{@code Files.createTempFile} and {@code createTempDirectory} ask for these modes only where
 * the file system <i>is</i> the default one. On any other they arrive here as a plain exclusive
 * creation, which is to keep the umask for everybody else, so the only honest sign of them is the
 * JDK's helper on the stack.
 */
final class TemporaryFiles {
  /** 0600. */
  static final Set<PosixFilePermission> FILE =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  /** 0700. */
  static final Set<PosixFilePermission> DIRECTORY =
      Set.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private static final String JDK_CALLER = "java.nio.file.TempFileHelper";

  /** Our own frames, those of {@code Files.createFile}, and some to spare. */
  private static final int FRAMES = 16;

  private TemporaryFiles() {}

  /**
   * Returns the attributes given, with permissions if none are among them and the caller makes a
   * temporary file.
   */
  static FileAttribute<?>[] protect(
      FileAttribute<?>[] given, Set<PosixFilePermission> permissions) {
    for (FileAttribute<?> attribute : given) {
      if (attribute == null || attribute.name().equals("posix:permissions")) {
        return given;
      }
    }
    if (!isCalledByHelper()) {
      return given;
    }
    FileAttribute<?>[] all = Arrays.copyOf(given, given.length + 1);
    all[given.length] = PosixFilePermissions.asFileAttribute(permissions);
    return all;
  }

  private static boolean isCalledByHelper() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.limit(FRAMES).anyMatch(frame -> frame.getClassName().equals(JDK_CALLER)));
  }
}
