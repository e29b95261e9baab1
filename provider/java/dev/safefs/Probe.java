package dev.safefs;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups of files that may not exist. On Java 22 and later another class of this name does
 * without an exception.
 */
final class Probe {

  private Probe() {}

  /** Tells whether the delegate finds a file. */
  static boolean exists(FileSystemProvider delegate, Path path, LinkOption... options) {
    try {
      if (options.length == 0) {
        delegate.checkAccess(path);
      } else {
        delegate.readAttributes(path, BasicFileAttributes.class, options);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns the attributes that the delegate reads, or null if the file does not exist. */
  static <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
      FileSystemProvider delegate, Path path, Class<A> type, LinkOption... options)
      throws IOException {
    try {
      return delegate.readAttributes(path, type, options);
    } catch (NoSuchFileException e) {
      return null;
    }
  }
}
