package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;

/** A provider with a look at each call before another one makes it. Its paths are the other's. */
public class FilteringProvider extends FileSystemProvider {
  private final FileSystemProvider inner;
  private final Filter filter;
  private final Set<Object> open = ConcurrentHashMap.newKeySet();

  /** What to do about calls. */
  public interface Filter {
    /** Is told of a call about to be made, and may fail it. */
    void before(String call) throws IOException;

    /** Is told of the options of a channel, and may refuse them. */
    default void opens(Set<? extends OpenOption> options) throws IOException {}

    /** Tells whether a channel writes anything. */
    default boolean takes() {
      return true;
    }

    /** Returns what is shown of attributes. */
    default <A> A attributes(A attributes) {
      return attributes;
    }
  }

  /** Creates one that shows a filter the calls that it makes of another provider. */
  public FilteringProvider(FileSystemProvider inner, Filter filter) {
    this.inner = inner;
    this.filter = filter;
  }

  /** Returns the streams and channels that are open. */
  Set<Object> open() {
    return open;
  }

  @Override
  public String getScheme() {
    return inner.getScheme();
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    return inner.newFileSystem(uri, env);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return inner.getFileSystem(uri);
  }

  @Override
  public Path getPath(URI uri) {
    return inner.getPath(uri);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    filter.before("newFileChannel");
    filter.opens(options);
    return counted(inner.newFileChannel(path, options, attributes));
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      ExecutorService executor,
      FileAttribute<?>... attributes)
      throws IOException {
    filter.before("newAsynchronousFileChannel");
    return inner.newAsynchronousFileChannel(path, options, executor, attributes);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    filter.before("newByteChannel");
    return proxy(
        SeekableByteChannel.class, inner.newByteChannel(path, options, attributes), "channel");
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> accept) throws IOException {
    filter.before("newDirectoryStream");
    return wrapped(inner.newDirectoryStream(dir, accept));
  }

  @Override
  public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
    filter.before("createDirectory");
    inner.createDirectory(dir, attributes);
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    filter.before("createSymbolicLink");
    inner.createSymbolicLink(link, target, attributes);
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    filter.before("createLink");
    inner.createLink(link, existing);
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    filter.before("readSymbolicLink");
    return inner.readSymbolicLink(link);
  }

  @Override
  public void delete(Path path) throws IOException {
    filter.before("delete");
    inner.delete(path);
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    throw new AssertionError("copies are made by the operations");
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    filter.before(Set.of(options).contains(ATOMIC_MOVE) ? "move at once" : "move");
    inner.move(source, target, options);
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    filter.before("isSameFile");
    return inner.isSameFile(path, other);
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return inner.isHidden(path);
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    filter.before("getFileStore");
    return inner.getFileStore(path);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    filter.before("checkAccess");
    inner.checkAccess(path, modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    V view = inner.getFileAttributeView(path, type, options);
    return view == null ? null : proxy(type, view, "view");
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    filter.before("readAttributes");
    return filter.attributes(inner.readAttributes(path, type, options));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    filter.before("readAttributes");
    return filter.attributes(inner.readAttributes(path, attributes, options));
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    filter.before("setAttribute");
    inner.setAttribute(path, attribute, value, options);
  }

  private DirectoryStream<Path> wrapped(DirectoryStream<Path> stream) {
    return stream instanceof SecureDirectoryStream<Path> secure
        ? secure(secure)
        : proxy(DirectoryStream.class, stream, "stream");
  }

  @SuppressWarnings("unchecked")
  private SecureDirectoryStream<Path> secure(SecureDirectoryStream<Path> stream) {
    return (SecureDirectoryStream<Path>) proxy(SecureDirectoryStream.class, stream, "stream");
  }

  private FileChannel counted(FileChannel channel) {
    open.add(channel);
    return new FilteredChannel(channel, filter, () -> open.remove(channel));
  }

  /** Entries of a directory whose reading may fail. */
  private final class FilteredIterator implements Iterator<Path> {
    private final Iterator<Path> entries;

    FilteredIterator(Iterator<Path> entries) {
      this.entries = entries;
    }

    @Override
    public boolean hasNext() {
      try {
        filter.before("iterator.hasNext");
      } catch (IOException e) {
        throw new DirectoryIteratorException(e);
      }
      return entries.hasNext();
    }

    @Override
    public Path next() {
      return entries.next();
    }
  }

  /** Marks a wrapped object, so that it can be handed to the one that made it. */
  private interface Wrapped {
    Object unwrap();
  }

  @SuppressWarnings("unchecked")
  private <T> T proxy(Class<T> type, T inside, String prefix) {
    if (inside instanceof DirectoryStream) {
      open.add(inside);
    }
    return (T)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {type, Wrapped.class},
            (self, method, arguments) -> {
              if (method.getName().equals("unwrap")) {
                return inside;
              }
              boolean quiet =
                  method.getName().equals("close")
                      || method.getName().equals("iterator")
                      || method.getReturnType() == String.class;
              if (method.getName().equals("close")) {
                open.remove(inside);
              }
              if (!quiet && !FileAttributeView.class.isAssignableFrom(method.getReturnType())) {
                filter.before(prefix + "." + method.getName());
              }
              try {
                Object result = method.invoke(inside, unwrapped(arguments));
                if (method.getName().equals("close")) {
                  filter.before(prefix + ".close");
                }
                return result instanceof FileAttributeView view
                    ? proxied(view, arguments)
                    : shown(result);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Wraps a view that was got by its type. */
  private Object proxied(FileAttributeView view, Object[] arguments) {
    for (Object argument : arguments) {
      if (argument instanceof Class<?> type) {
        return proxy(type.asSubclass(FileAttributeView.class), view);
      }
    }
    throw new AssertionError("a view without a type");
  }

  private <V extends FileAttributeView> V proxy(Class<V> type, FileAttributeView view) {
    return proxy(type, type.cast(view), "view");
  }

  private Object shown(Object result) {
    if (result instanceof SecureDirectoryStream<?>) {
      @SuppressWarnings("unchecked")
      SecureDirectoryStream<Path> stream = (SecureDirectoryStream<Path>) result;
      return secure(stream);
    }
    if (result instanceof FileChannel channel) {
      return counted(channel);
    }
    if (result instanceof Iterator<?>) {
      @SuppressWarnings("unchecked")
      Iterator<Path> entries = (Iterator<Path>) result;
      return new FilteredIterator(entries);
    }
    return result instanceof BasicFileAttributes attributes
        ? filter.attributes(attributes)
        : result;
  }

  private static Object[] unwrapped(Object[] arguments) {
    if (arguments == null) {
      return null;
    }
    Object[] plain = arguments.clone();
    for (int i = 0; i < plain.length; i++) {
      plain[i] = plain[i] instanceof Wrapped wrapped ? wrapped.unwrap() : plain[i];
    }
    return plain;
  }
}
