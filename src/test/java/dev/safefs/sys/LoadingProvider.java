package dev.safefs.sys;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A default provider that opens a backend inside its first call, whichever that is, as SafeFS's own
 * may have to.
 *
 * <p>A call that comes in meanwhile is served by the JDK's provider.
 */
public final class LoadingProvider extends FileSystemProvider {
  private final FileSystemProvider jdk;
  private final LoadingFileSystem fileSystem;
  private final AtomicBoolean entered = new AtomicBoolean();
  private volatile String outcome = "not loaded";

  /** Creates the provider; for the JVM. */
  public LoadingProvider(FileSystemProvider jdk) {
    this.jdk = jdk;
    this.fileSystem = new LoadingFileSystem(this, jdk.getFileSystem(URI.create("file:///")));
  }

  /**
   * Makes a call on the default file system, which loads, and another one, and prints how that
   * went.
   */
  public static void main(String[] args) throws IOException {
    Path root = Path.of("/").toRealPath();
    boolean served = Files.isDirectory(root);
    LoadingProvider provider = (LoadingProvider) root.getFileSystem().provider();
    System.out.println(provider.outcome + (served ? ", then served" : ", then lost"));
  }

  /** Loads, if this is the first call, and returns who serves it. */
  FileSystemProvider enter() {
    if (entered.compareAndSet(false, true)) {
      try {
        outcome = SyscallsLoader.load().geteuid() < 0 ? "garbled" : "loaded in a call";
      } catch (SyscallsUnavailableException e) {
        outcome = e.getMessage();
      }
    }
    return jdk;
  }

  private static Path real(Path path) {
    return LoadingFileSystem.unwrap(path);
  }

  @Override
  public String getScheme() {
    return jdk.getScheme();
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    return jdk.newFileSystem(uri, env);
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    return fileSystem.wrap(jdk.getPath(uri));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attrs) throws IOException {
    return enter().newByteChannel(real(path), options, attrs);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
    return enter().newDirectoryStream(real(dir), filter);
  }

  @Override
  public void createDirectory(Path dir, FileAttribute<?>... attrs) throws IOException {
    enter().createDirectory(real(dir), attrs);
  }

  @Override
  public void delete(Path path) throws IOException {
    enter().delete(real(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    enter().copy(real(source), real(target), options);
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    enter().move(real(source), real(target), options);
  }

  @Override
  public boolean isSameFile(Path path, Path path2) throws IOException {
    return enter().isSameFile(real(path), real(path2));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return enter().isHidden(real(path));
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    return enter().getFileStore(real(path));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    enter().checkAccess(real(path), modes);
  }

  @Override
  public <V extends FileAttributeView> V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return enter().getFileAttributeView(real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return enter().readAttributes(real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return enter().readAttributes(real(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    enter().setAttribute(real(path), attribute, value, options);
  }
}
