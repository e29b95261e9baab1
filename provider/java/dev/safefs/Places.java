package dev.safefs;

import dev.safefs.op.Place;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What the verbs of {@link SafeFiles} make of the paths they are given, and give back. */
final class Places {

  /** Over another provider links lead where they lead there, and what it cannot is logged. */
  private static final Map<String, Object> AS_THERE =
      Map.of("links", LinkPolicy.IN_ROOT, "strictness", Strictness.BEST_EFFORT);

  private Places() {}

  /**
   * A path of any provider.
   *
   * @param path as one of ours
   * @param temporary the file system made for it, if it is of a provider that has nothing to do
   *     with ours
   */
  record Adopted(SafePath path, Optional<FileSystem> temporary) implements Closeable {
    boolean isForeign() {
      return temporary.isPresent();
    }

    @Override
    public void close() throws IOException {
      if (temporary.isPresent()) {
        temporary.get().close();
      }
    }
  }

  /** Returns where a path is. */
  static Place of(Path path) throws IOException {
    return adopt(path).place();
  }

  /** Returns the lossless text of a path, as the content of a link. */
  static String text(Path path) {
    SafePath safe = adopt(path);
    return safe.getFileSystem().delegate().codec().text(safe.inner());
  }

  /**
   * Returns a path as one of ours.
   *
   * @throws UnsupportedOperationException if it is of a provider that has nothing to do with ours
   */
  static SafePath adopt(Path path) {
    return Objects.requireNonNull(path) instanceof SafePath safe ? safe : provider().adopt(path);
  }

  /** Returns a path of any provider as one of ours. */
  static Adopted adoptAny(Path path) throws IOException {
    if (Objects.requireNonNull(path) instanceof SafePath safe) {
      return new Adopted(safe, Optional.empty());
    }
    SafeFileSystemProvider provider = provider();
    if (path.getFileSystem() == provider.ambient().delegate().fileSystem()) {
      return new Adopted(provider.adopt(path), Optional.empty());
    }
    Path absolute = path.toAbsolutePath();
    Path root = Objects.requireNonNull(absolute.getRoot());
    SafeFileSystem over = (SafeFileSystem) provider.newFileSystem(root, AS_THERE);
    return new Adopted(over.wrap(absolute), Optional.of(over));
  }

  /** Returns a path of ours as one of the kind that was given. */
  static Path like(Path given, SafePath found) {
    return given instanceof SafePath ? found : found.inner();
  }

  /**
   * Returns the provider of paths that do not tell of one. The JDK lists those that the system's
   * class loader finds, which are none of ours where SafeFS is in that of an application: within a
   * server, an executable jar with jars in it, or a layer of modules.
   */
  static SafeFileSystemProvider provider() {
    for (FileSystemProvider installed : FileSystemProvider.installedProviders()) {
      if (installed instanceof SafeFileSystemProvider safe) {
        return safe;
      }
    }
    return NotInstalled.PROVIDER;
  }

  /** Created on first use. One, as paths of two are of two file systems. */
  private static final class NotInstalled {
    static final SafeFileSystemProvider PROVIDER = new SafeFileSystemProvider();
  }
}
