package dev.safefs;

import dev.safefs.op.Place;
import java.io.IOException;
import java.net.URI;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A path of a {@link SafeFileSystem}: one of the delegate's, in another file system. */
final class SafePath implements Path {
  private final SafeFileSystem fileSystem;
  private final Path inner;

  /**
   * Wraps a path.
   *
   * @param fileSystem whose path it becomes
   * @param inner a path of the delegate's, never a wrapped one
   */
  SafePath(SafeFileSystem fileSystem, Path inner) {
    if (inner instanceof SafePath) {
      throw new IllegalArgumentException("wrapped twice: " + inner);
    }
    this.fileSystem = fileSystem;
    this.inner = inner;
  }

  /** Returns the delegate's path. */
  Path inner() {
    return inner;
  }

  /** Returns where the path is. */
  Place place() throws IOException {
    return fileSystem.namespace().place(this);
  }

  /** Returns the settings of the file system. */
  SafeConfig config() {
    return fileSystem.namespace().config();
  }

  /** See {@link Namespace#isServedByDelegate}. */
  boolean isServedByDelegate() {
    return fileSystem.namespace().isServedByDelegate(this);
  }

  /** See {@link Namespace#isLoading}. */
  boolean isLoading() {
    return fileSystem.namespace().isLoading();
  }

  @Override
  public SafeFileSystem getFileSystem() {
    return fileSystem;
  }

  @Override
  public boolean isAbsolute() {
    return inner.isAbsolute();
  }

  @Override
  public @Nullable Path getRoot() {
    return wrapOrNull(inner.getRoot());
  }

  @Override
  public @Nullable Path getFileName() {
    return wrapOrNull(inner.getFileName());
  }

  @Override
  public @Nullable Path getParent() {
    return wrapOrNull(inner.getParent());
  }

  @Override
  public int getNameCount() {
    return inner.getNameCount();
  }

  @Override
  public Path getName(int index) {
    return wrap(inner.getName(index));
  }

  @Override
  public Path subpath(int beginIndex, int endIndex) {
    return wrap(inner.subpath(beginIndex, endIndex));
  }

  @Override
  public boolean startsWith(Path other) {
    return isOfSameFileSystem(other) && inner.startsWith(((SafePath) other).inner);
  }

  @Override
  public boolean endsWith(Path other) {
    return isOfSameFileSystem(other) && inner.endsWith(((SafePath) other).inner);
  }

  @Override
  public Path normalize() {
    return wrap(inner.normalize());
  }

  @Override
  public Path resolve(Path other) {
    SafePath checked = check(other);
    return checked.isAbsolute() ? checked : wrap(inner.resolve(checked.inner));
  }

  @Override
  public Path relativize(Path other) {
    return wrap(inner.relativize(check(other).inner));
  }

  @Override
  public URI toUri() {
    return fileSystem.overlay().uriOf(this);
  }

  @Override
  public Path toAbsolutePath() {
    return isAbsolute() ? this : wrap(fileSystem.namespace().absolute(inner));
  }

  @Override
  public Path toRealPath(LinkOption... options) throws IOException {
    return wrap(fileSystem.namespace().realPath(this, options));
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
      throws IOException {
    if (Objects.requireNonNull(watcher) instanceof SafeWatchService service) {
      return service.register(this, events, modifiers);
    }
    throw new ProviderMismatchException();
  }

  @Override
  public int compareTo(Path other) {
    SafePath that = (SafePath) other;
    int order = inner.compareTo(that.inner);
    return order != 0 ? order : Long.compare(fileSystem.ordinal(), that.fileSystem.ordinal());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SafePath that
        && fileSystem == that.fileSystem
        && inner.equals(that.inner);
  }

  @Override
  public int hashCode() {
    return inner.hashCode();
  }

  @Override
  public String toString() {
    return inner.toString();
  }

  private SafePath wrap(Path path) {
    return path == inner ? this : new SafePath(fileSystem, path);
  }

  private @Nullable SafePath wrapOrNull(@Nullable Path path) {
    return path == null ? null : wrap(path);
  }

  private boolean isOfSameFileSystem(Path other) {
    return Objects.requireNonNull(other) instanceof SafePath that && fileSystem == that.fileSystem;
  }

  private SafePath check(Path other) {
    if (!isOfSameFileSystem(other)) {
      throw new ProviderMismatchException();
    }
    return (SafePath) other;
  }
}
