package dev.safefs;

import dev.safefs.portable.PortableEngine;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;

/** A provider of the scheme {@code safe} on a machine that has the portable engine only. */
public final class PortableProvider {
  private static final EngineSelector ENGINES =
      new EngineSelector(
          (provider, fileSystem) -> new PortableEngine(provider, fileSystem, EngineSelector.GAPS));

  /** It. */
  public static final FileSystemProvider INSTANCE = create();

  private PortableProvider() {}

  /**
   * Returns a path of a default file system without another engine.
   *
   * @param path of the JDK's
   * @return the same file
   */
  public static Path ambient(Path path) {
    FileSystemProvider jdk = JdkPaths.of(Path.of("")).getFileSystem().provider();
    return new SafeDefaultFileSystemProvider(jdk, ENGINES).fileSystem().wrap(path);
  }

  private static SafeFileSystemProvider create() {
    Delegate delegate = overJdk();
    return new SafeFileSystemProvider(() -> delegate);
  }

  private static Delegate overJdk() {
    FileSystemProvider jdk = JdkPaths.of(Path.of("")).getFileSystem().provider();
    return Delegate.of(jdk, ENGINES);
  }
}
