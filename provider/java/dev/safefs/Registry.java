package dev.safefs;

import java.io.IOException;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The open file systems that have a URI, by the real path of their root. */
final class Registry {

  /** Opens a file system. */
  @FunctionalInterface
  interface Opening {
    /** Opens it. */
    SafeFileSystem open() throws IOException;
  }

  private final Map<Path, SafeFileSystem> byRealRoot = new HashMap<>();

  /**
   * Opens a file system and registers it.
   *
   * @param realRoot the real path of its root, one of the delegate's
   * @throws FileSystemAlreadyExistsException if one is registered
   */
  synchronized SafeFileSystem open(Path realRoot, Opening opening) throws IOException {
    if (byRealRoot.containsKey(realRoot)) {
      throw new FileSystemAlreadyExistsException(SafeUri.rootUri(realRoot.toString()));
    }
    SafeFileSystem opened = opening.open();
    byRealRoot.put(realRoot, opened);
    return opened;
  }

  synchronized Optional<SafeFileSystem> find(Path realRoot) {
    return Optional.ofNullable(byRealRoot.get(realRoot));
  }

  synchronized void remove(Path realRoot) {
    byRealRoot.remove(realRoot);
  }
}
