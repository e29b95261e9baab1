package dev.safefs;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;

/** Makes confined file systems over directories of any provider. */
public final class SafeFileSystems {

  private SafeFileSystems() {}

  /**
   * Opens a file system confined to a directory: of the machine, of another SafeFS file system, or
   * of any other provider, such as one in memory. It is not registered.
   *
   * <p>Over another provider the promises are kept by what that offers. Without secure directory
   * streams a race on the way to a file is detected and not prevented, which strict settings
   * refuse.
   *
   * @param root the directory
   * @param config the settings, without {@code guard}
   * @return the file system; closing it does not close the one that the directory is in
   * @throws UnsupportedOperationException if the path is no directory
   * @throws IllegalArgumentException if the settings are not those of a confined file system
   * @throws GuaranteeUnavailableException if the provider cannot keep what strict settings ask for
   * @throws IOException if it cannot be opened
   */
  public static FileSystem over(Path root, SafeConfig config) throws IOException {
    return provider().newFileSystem(root, config.toEnv());
  }

  private static SafeFileSystemProvider provider() {
    for (FileSystemProvider installed : FileSystemProvider.installedProviders()) {
      if (installed instanceof SafeFileSystemProvider safe) {
        return safe;
      }
    }
    return new SafeFileSystemProvider();
  }
}
