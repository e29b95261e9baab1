package dev.safefs;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;

/**
 * The default provider of a JVM, if installed with {@code
 * -Djava.nio.file.spi.DefaultFileSystemProvider=dev.safefs.SafeDefaultFileSystemProvider}. Its
 * settings are the system properties {@code safefs.*} on top of {@link SafeConfig#installed}.
 *
 * <p>The scheme is {@code file}. Operations keep the promises that {@link SafeFileSystemProvider}
 * tells, but for R outside of guarded directories, as far as they can be kept: with {@link
 * Strictness#BEST_EFFORT}, the default here, they else go on as the JDK would. What an unchanged
 * program can notice is told in the project's {@code docs/differences.md}.
 */
public final class SafeDefaultFileSystemProvider extends OverlayProvider {
  private final FileSystemProvider parent;
  private final EngineSelector engines;
  private final Lazy<SafeFileSystem> fileSystem = new Lazy<>(this::create);

  /**
   * Creates the provider. Does nothing else: the JVM has no default file system yet. Settings and
   * the native library are looked at when they are first needed.
   *
   * @param parent the provider that this one lies over
   */
  public SafeDefaultFileSystemProvider(FileSystemProvider parent) {
    this(parent, EngineSelector.forThisMachine());
  }

  /**
   * Creates the provider over an engine of choice.
   *
   * @param parent the provider that this one lies over
   * @param engines where its engine comes from
   */
  SafeDefaultFileSystemProvider(FileSystemProvider parent, EngineSelector engines) {
    this.parent = parent;
    this.engines = engines;
  }

  @Override
  public String getScheme() {
    return "file";
  }

  /**
   * Fails, as there is one file system of the scheme {@code file}.
   *
   * @throws FileSystemAlreadyExistsException always
   * @throws IllegalArgumentException if the URI is not {@code file:///}
   */
  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
    getFileSystem(uri);
    throw new FileSystemAlreadyExistsException();
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    // For its checks.
    parent.getFileSystem(uri);
    return fileSystem.get();
  }

  @Override
  public Path getPath(URI uri) {
    Path path = parent.getPath(uri);
    // The JDK answers "file:/x" with a path of the default file system, which is ours.
    return path instanceof SafePath ? path : fileSystem.get().wrap(path);
  }

  @Override
  URI uriOf(SafePath path) {
    return path.inner().toUri();
  }

  @Override
  FileSystemProvider delegate() {
    return parent;
  }

  /** Returns the one file system. */
  SafeFileSystem fileSystem() {
    return fileSystem.get();
  }

  private SafeFileSystem create() {
    Delegate delegate = Delegate.of(parent, engines);
    SafeConfig config = SafeConfig.installed().withProperties(System::getProperty);
    return new SafeFileSystem(this, delegate, new AmbientNamespace(delegate, config));
  }
}
