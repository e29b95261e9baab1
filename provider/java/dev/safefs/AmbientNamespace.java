package dev.safefs;

import dev.safefs.handle.Anchor;
import dev.safefs.handle.Route;
import dev.safefs.op.Place;
import dev.safefs.op.RealPath;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Abi;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The machine's own files, but for guarded directories, which paths do not leave. Promise R8. */
final class AmbientNamespace implements Namespace {
  private static final String WORKING_DIRECTORY = "/proc/self/cwd";

  private final Delegate delegate;
  private final SafeConfig config;
  private final Guards guards;
  private final Lazy<Boolean> beginsInWorkingDirectory = new Lazy<>(this::looksForWorkingDirectory);
  private volatile @Nullable Anchor anchor;

  AmbientNamespace(Delegate delegate, SafeConfig config) {
    this.delegate = delegate;
    this.config = config;
    this.guards = new Guards(delegate, config);
  }

  @Override
  public SafeConfig config() {
    return config;
  }

  @Override
  public Path absolute(Path path) {
    return path.toAbsolutePath();
  }

  @Override
  public Place place(SafePath path) throws IOException {
    Optional<Guards.Guard> guard = guards.find(path.inner());
    return guard.isPresent()
        ? guard.get().place(path.inner(), path.toString())
        : place(route(path));
  }

  /** Nothing is kept of an engine that only the other strictness gets. */
  @Override
  public Place place(SafePath path, Strictness strictness) throws IOException {
    if (strictness == config.strictness() || guards.find(path.inner()).isPresent()) {
      return place(path);
    }
    Route route = route(path);
    return new Place(
        delegate.engines().engine(delegate, strictness, route.display()).ambient(), route, config);
  }

  /** Promise R7: the delegate gives the kernel the whole path. */
  @Override
  public boolean isServedByDelegate(SafePath path) {
    return isLoading() || (guards.find(path.inner()).isEmpty() && !isLong(path));
  }

  /** Tells whether one call may not take the path, which has up to three bytes a character. */
  private static boolean isLong(SafePath path) {
    return path.inner().toString().length() >= Abi.PATH_MAX / 3;
  }

  @Override
  public boolean isLoading() {
    return delegate.engines().isLoading();
  }

  /**
   * By the delegate until the engine is there: JDK 25 asks for a real path while it initialises
   * {@code java.security.Security}, which is no time to load natives.
   */
  @Override
  public Path realPath(SafePath path, LinkOption... options) throws IOException {
    Path absolute = path.inner().toAbsolutePath();
    Optional<Guards.Guard> guard = guards.find(absolute);
    if (isLoading() || (guard.isEmpty() && !isLong(path) && !delegate.engines().isLoaded())) {
      return path.inner().toRealPath(options);
    }
    LinkMode links = LinkMode.parse(options);
    String display = path.toString();
    return delegate
        .codec()
        .path(
            guard.isPresent()
                ? realText(guard.get(), absolute, display, links)
                : RealPath.resolve(place(delegate.codec().route(absolute, display)), links));
  }

  @Override
  public String uri(String text) {
    return SafeUri.rootUri(text);
  }

  @Override
  public Iterable<FileStore> fileStores() {
    return delegate.fileSystem().getFileStores();
  }

  @Override
  public <C extends Closeable> C keep(C resource) {
    return resource;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException("the ambient file system is always open");
  }

  @Override
  public String toString() {
    return "ambient";
  }

  private String realText(Guards.Guard guard, Path absolute, String display, LinkMode links)
      throws IOException {
    String beneath = RealPath.resolve(guard.place(absolute, display), links);
    String above = RealPath.resolve(place(guard.route()), links);
    return beneath.equals("/") ? above : above.equals("/") ? beneath : above + beneath;
  }

  /** Relative paths begin where the delegate's do, also those that the kernel is given. */
  private Route route(SafePath path) {
    Path inner = path.inner();
    boolean isForKernel = inner.isAbsolute() || beginsInWorkingDirectory.get();
    return delegate.codec().route(isForKernel ? inner : inner.toAbsolutePath(), path.toString());
  }

  /**
   * Tells whether relative paths of the delegate begin in the working directory of the process. The
   * JDK's begin in what the system property {@code user.dir} was at its start.
   */
  private boolean looksForWorkingDirectory() {
    FileSystem fileSystem = delegate.fileSystem();
    try {
      return delegate
          .provider()
          .isSameFile(fileSystem.getPath(""), fileSystem.getPath(WORKING_DIRECTORY));
    } catch (IOException e) {
      // It is not there, or this is no Linux. Then the delegate's is taken.
      return false;
    }
  }

  private Place place(Route route) throws IOException {
    Anchor opened = anchor;
    if (opened == null) {
      // Racing threads may make two: neither owns anything.
      opened = delegate.engines().engine(delegate, config.strictness(), route.display()).ambient();
      anchor = opened;
    }
    return new Place(opened, route, config);
  }
}
