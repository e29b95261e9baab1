package dev.safefs;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * A file system of SafeFS: the ambient one, the one installed as default, or one confined to a
 * directory. Two are never equal, nor are their paths. Safe for use by several threads.
 *
 * <p>What its paths, watch keys and exceptions show is of its own namespace: the directory that a
 * confined one is in shows in {@code toUri} only. Promise R4.
 */
public final class SafeFileSystem extends FileSystem {
  private final OverlayProvider provider;
  private final Delegate delegate;
  private final Namespace namespace;
  private final long ordinal;

  /**
   * Creates a file system.
   *
   * @param provider its provider
   * @param delegate what it lies over
   * @param namespace what its paths mean
   */
  SafeFileSystem(OverlayProvider provider, Delegate delegate, Namespace namespace) {
    this.provider = provider;
    this.delegate = delegate;
    this.namespace = namespace;
    this.ordinal = provider.nextOrdinal();
  }

  /**
   * Tells which promises hold in a directory, or in that of a file. Promise G1. Tries nothing out:
   * what is missing on a mount is known from the operations that have missed it.
   *
   * @param path a path of this file system, that exists
   * @return one or more guarantees for each promise that depends on mount, kernel or settings
   * @throws java.nio.file.ProviderMismatchException if the path is of another provider
   * @throws java.nio.file.NoSuchFileException if it does not exist
   * @throws IOException if it, or its directory, cannot be opened
   */
  public Guarantees guarantees(Path path) throws IOException {
    return Guarantees.of(provider.cast(path).place());
  }

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /**
   * Closes a confined file system and every channel, directory stream, walk, watch service,
   * pending, pinned and anonymous file and batch that it gave out. What was not published is gone:
   * a writer has not said that it is done, and its own first {@code close} throws, with a {@code
   * ClosedFileSystemException} as the cause. What uses the file system later throws that itself.
   * Does nothing the second time.
   *
   * @throws UnsupportedOperationException if this is the ambient or the default file system
   * @throws IOException if a channel was open that was to publish its file, naming that file; or
   *     something could not be closed. All is closed; what else failed is suppressed onto the first
   */
  @Override
  public void close() throws IOException {
    namespace.close();
  }

  @Override
  public boolean isOpen() {
    return namespace.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return delegate.fileSystem().isReadOnly();
  }

  @Override
  public String getSeparator() {
    return delegate.fileSystem().getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    List<Path> roots = new ArrayList<>();
    delegate.fileSystem().getRootDirectories().forEach(root -> roots.add(wrap(root)));
    return Collections.unmodifiableList(roots);
  }

  /**
   * Returns the stores of the machine, or that of the directory that a confined one is in.
   *
   * @return empty if a confined one's cannot be told
   */
  @Override
  public Iterable<FileStore> getFileStores() {
    return namespace.fileStores();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return delegate.fileSystem().supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(delegate.fileSystem().getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = delegate.fileSystem().getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(path instanceof SafePath safe ? safe.inner() : path);
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return delegate.fileSystem().getUserPrincipalLookupService();
  }

  /**
   * Returns a service for directories of this file system. It does not tell of names that are
   * staged. A file that is published over another is {@code ENTRY_CREATE}, or {@code ENTRY_MODIFY}
   * where only that was asked for.
   *
   * @throws IOException if there is none left to the user; inotify(7)
   */
  @Override
  public WatchService newWatchService() throws IOException {
    return namespace.keep(new SafeWatchService(this, delegate.fileSystem().newWatchService()));
  }

  @Override
  public String toString() {
    return provider.getScheme() + " (" + namespace + ")";
  }

  /** Makes a path of the delegate one of this file system. */
  SafePath wrap(Path inner) {
    return new SafePath(this, inner);
  }

  /** Returns the path of a lossless text. */
  SafePath path(String text) {
    return wrap(delegate.codec().path(text));
  }

  OverlayProvider overlay() {
    return provider;
  }

  Delegate delegate() {
    return delegate;
  }

  Namespace namespace() {
    return namespace;
  }

  /** Orders equal texts of different file systems. */
  long ordinal() {
    return ordinal;
  }
}
