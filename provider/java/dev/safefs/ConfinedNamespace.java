package dev.safefs;

import dev.safefs.handle.Anchor;
import dev.safefs.handle.Route;
import dev.safefs.op.Cleanup;
import dev.safefs.op.Place;
import dev.safefs.op.RealPath;
import dev.safefs.request.LinkMode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileStore;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The files beneath one directory, held open for the life of the file system. Promises R1 to R7.
 */
final class ConfinedNamespace implements Namespace {
  private static final Route ROOT = new Route("/", "/");

  private final Delegate delegate;
  private final Anchor anchor;
  private final SafeConfig config;
  private final String rootUri;
  private final Runnable onClose;
  private final OpenResources resources = new OpenResources();
  private final AtomicBoolean isClosing = new AtomicBoolean();

  /**
   * Creates the namespace.
   *
   * @param delegate what it lies over
   * @param anchor the directory, owned from now on
   * @param config the settings
   * @param rootUri the raw URI of the directory
   * @param onClose run when it is closed
   */
  ConfinedNamespace(
      Delegate delegate, Anchor anchor, SafeConfig config, String rootUri, Runnable onClose) {
    this.delegate = delegate;
    this.anchor = anchor;
    this.config = config;
    this.rootUri = rootUri;
    this.onClose = onClose;
  }

  @Override
  public SafeConfig config() {
    return config;
  }

  @Override
  public Path absolute(Path path) {
    return delegate.root().resolve(path);
  }

  @Override
  public Place place(SafePath path) {
    checkOpen();
    Route route = delegate.codec().route(absolute(path.inner()), path.toString());
    return new Place(anchor, route, config);
  }

  @Override
  public boolean isServedByDelegate(SafePath path) {
    return false;
  }

  @Override
  public boolean isLoading() {
    return false;
  }

  @Override
  public Path realPath(SafePath path, LinkOption... options) throws IOException {
    return delegate.codec().path(RealPath.resolve(place(path), LinkMode.parse(options)));
  }

  @Override
  public String uri(String text) {
    return rootUri + "!" + SafeUri.encode(delegate.codec().textIn(delegate.root(), text));
  }

  @Override
  public Iterable<FileStore> fileStores() {
    checkOpen();
    try {
      return Set.of(SafeFileStore.of(() -> anchor.open(ROOT, LinkMode.FOLLOW)));
    } catch (IOException e) {
      return Set.of();
    }
  }

  @Override
  public <C extends Closeable> C keep(C resource) throws IOException {
    return resources.keep(resource);
  }

  @Override
  public boolean isOpen() {
    return !isClosing.get();
  }

  @Override
  public void close() throws IOException {
    if (isClosing.getAndSet(true)) {
      return;
    }
    Cleanup.all(onClose::run, resources::close, anchor::close);
  }

  @Override
  public String toString() {
    return "confined";
  }

  private void checkOpen() {
    if (!isOpen()) {
      throw new ClosedFileSystemException();
    }
  }
}
