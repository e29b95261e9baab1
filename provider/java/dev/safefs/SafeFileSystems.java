package dev.safefs;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;

/** Makes confined file systems over directories of any provider. */
public final class SafeFileSystems {

  private SafeFileSystems() {}

  /**
   * Opens a file system confined to a directory: of the machine, of another SafeFS file system, or
   * of any other provider, such as one in memory. It is not registered.
   *
   * <p>Over another provider the promises are kept by what that offers, which {@link
   * SafeFileSystem#guarantees} tells. Without secure directory streams a race on the way to a file
   * is detected and not prevented, which strict settings refuse. To file systems of other providers
   * and of the machine it is what another device is: files and trees are copied and moved across,
   * but for their owners, and neither linked nor exchanged.
   *
   * @param root the directory
   * @param config the settings, without {@code guard}
   * @return a {@link SafeFileSystem}; closing it does not close the one that the directory is in
   * @throws UnsupportedOperationException if the path is no directory, or of this provider or the
   *     default one and cannot be looked at
   * @throws java.nio.file.NoSuchFileException if it does not exist in another provider
   * @throws IllegalArgumentException if the settings have a {@code guard}, or {@code links} or
   *     {@code mounts} other than a confined file system that the directory is in
   * @throws GuaranteeUnavailableException if the settings are strict, and the provider has no
   *     secure directory streams or the engine cannot be loaded
   * @throws IOException if it cannot be opened
   */
  public static FileSystem over(Path root, SafeConfig config) throws IOException {
    SafeFileSystemProvider provider = Places.provider();
    if (provider.isForeign(root)) {
      root.getFileSystem().provider().checkAccess(root);
    }
    return provider.newFileSystem(root, config.toEnv());
  }
}
