package dev.safefs;

import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import org.jspecify.annotations.Nullable;

/** Look-ups of files that may not exist: the delegate's own, which need no exception for that. */
final class Probe {

  private Probe() {}

  /** Tells whether the delegate finds a file. */
  static boolean exists(FileSystemProvider delegate, Path path, LinkOption... options) {
    return delegate.exists(path, options);
  }

  /** Returns the attributes that the delegate reads, or null if the file does not exist. */
  static <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
      FileSystemProvider delegate, Path path, Class<A> type, LinkOption... options)
      throws IOException {
    return delegate.readAttributesIfExists(path, type, options);
  }
}
