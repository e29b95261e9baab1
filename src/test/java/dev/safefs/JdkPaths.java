package dev.safefs;

import java.nio.file.Path;

/**
 * The JDK's own paths, also in a virtual machine whose default provider is SafeFS: what tests
 * compare with.
 */
public final class JdkPaths {

  private JdkPaths() {}

  /**
   * Returns a path of the default file system as one of the JDK's provider.
   *
   * @param path the path
   * @return the same file, not through SafeFS
   */
  public static Path of(Path path) {
    return path instanceof SafePath safe ? safe.inner() : path;
  }

  /**
   * Tells whether the default provider is SafeFS.
   *
   * @return whether this virtual machine was started with the swap
   */
  public static boolean isInstalled() {
    return Path.of("") instanceof SafePath;
  }
}
