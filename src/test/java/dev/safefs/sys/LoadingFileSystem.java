package dev.safefs.sys;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** The file system of {@link LoadingProvider}: the JDK's, with paths of its own. */
final class LoadingFileSystem extends FileSystem {
  private final LoadingProvider provider;
  private final FileSystem jdk;

  LoadingFileSystem(LoadingProvider provider, FileSystem jdk) {
    this.provider = provider;
    this.jdk = jdk;
  }

  /** Returns the path of this file system for one of the JDK's. */
  Path wrap(Path path) {
    return (Path)
        Proxy.newProxyInstance(
            LoadingFileSystem.class.getClassLoader(),
            new Class<?>[] {Path.class},
            new Wrapped(this, path));
  }

  /** Returns the JDK's path for one of this file system, and any other as it is. */
  static Path unwrap(Path path) {
    boolean ours =
        Proxy.isProxyClass(path.getClass()) && Proxy.getInvocationHandler(path) instanceof Wrapped;
    return ours ? ((Wrapped) Proxy.getInvocationHandler(path)).path : path;
  }

  @Override
  public LoadingProvider provider() {
    return provider;
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return jdk.isOpen();
  }

  @Override
  public boolean isReadOnly() {
    return jdk.isReadOnly();
  }

  @Override
  public String getSeparator() {
    return jdk.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return StreamSupport.stream(jdk.getRootDirectories().spliterator(), false)
        .map(this::wrap)
        .toList();
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of();
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return jdk.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(jdk.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = jdk.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(unwrap(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return jdk.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException();
  }

  private record Wrapped(LoadingFileSystem fileSystem, Path path) implements InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
      if (method.getName().equals("getFileSystem")) {
        return fileSystem;
      }
      if (method.getName().equals("toRealPath")) {
        fileSystem.provider.enter();
      }
      try {
        Object[] arguments = args == null ? new Object[0] : args;
        Object result = method.invoke(path, Arrays.stream(arguments).map(this::real).toArray());
        return result instanceof Path p ? fileSystem.wrap(p) : result;
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private Object real(Object argument) {
      return argument instanceof Path p ? unwrap(p) : argument;
    }
  }
}
