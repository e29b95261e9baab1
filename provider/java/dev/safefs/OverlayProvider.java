package dev.safefs;

import dev.safefs.handle.FileHandle;
import dev.safefs.op.Copier;
import dev.safefs.op.Deleter;
import dev.safefs.op.Directories;
import dev.safefs.op.Linker;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.op.SameFile;
import dev.safefs.request.Access;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.InitialAttributes;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenFlag;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What both faces are: each method casts its paths, parses its options and calls one operation.
 *
 * <p>The delegate serves what is one atomic system call in an ambient file system, and all calls of
 * a thread that is loading the engine; see {@link EngineSelector}.
 */
abstract class OverlayProvider extends FileSystemProvider {
  private static final Set<OpenOption> WHOLE_FILE =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);

  private final AtomicLong ordinals = new AtomicLong();

  /** Returns the URI of a path of this provider. */
  abstract URI uriOf(SafePath path);

  /** Returns the provider that is overlaid. */
  abstract FileSystemProvider delegate();

  /**
   * Returns the attributes that a file or directory is created with exclusively.
   *
   * @param given by the caller
   * @param ownerOnly the permissions it gets if it is a temporary one and none are given
   */
  FileAttribute<?>[] creationAttributes(
      FileAttribute<?>[] given, Set<PosixFilePermission> ownerOnly) {
    return given;
  }

  /** Returns a number that no other file system of this provider has. */
  final long nextOrdinal() {
    return ordinals.incrementAndGet();
  }

  /**
   * Returns a path as one of this provider.
   *
   * @throws ProviderMismatchException if it is of another
   */
  final SafePath cast(Path path) {
    if (Objects.requireNonNull(path) instanceof SafePath safe
        && safe.getFileSystem().provider() == this) {
      return safe;
    }
    throw new ProviderMismatchException();
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    SafePath file = cast(path);
    OpenRequest request = parse(file, options, attributes);
    if (isServedByDelegate(file, request)) {
      return delegate().newFileChannel(file.inner(), request.delegateOptions(options), attributes);
    }
    return OpenedFile.open(file, request);
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  /**
   * Opens a stream, which publishes the file when it is closed unless it is written in place. An
   * interrupt before a write is put off until after it, as by the JDK's streams on its own
   * channels. <i>Races:</i> one in the middle of a write closes the stream, and nothing is
   * published.
   *
   * @throws IllegalArgumentException for {@code READ}, and options that exclude each other
   */
  @Override
  public OutputStream newOutputStream(Path path, OpenOption... options) throws IOException {
    SafePath file = cast(path);
    Set<OpenOption> all = new HashSet<>(options.length == 0 ? WHOLE_FILE : Arrays.asList(options));
    if (all.contains(StandardOpenOption.READ)) {
      throw new IllegalArgumentException("READ not allowed");
    }
    all.add(StandardOpenOption.WRITE);
    OpenRequest request = OpenRequest.parse(all, file.config());
    return file.isLoading() || request.publication(file.config()) == Publication.IN_PLACE
        ? super.newOutputStream(file, options)
        : new SteadyOutputStream(newFileChannel(file, all));
  }

  @Override
  public AsynchronousFileChannel newAsynchronousFileChannel(
      Path path,
      Set<? extends OpenOption> options,
      @Nullable ExecutorService executor,
      FileAttribute<?>... attributes)
      throws IOException {
    SafePath file = cast(path);
    if (options.contains(StandardOpenOption.APPEND)) {
      throw new UnsupportedOperationException("APPEND not allowed");
    }
    OpenRequest request = parse(file, options, attributes);
    if (isServedByDelegate(file, request)) {
      return delegate()
          .newAsynchronousFileChannel(
              file.inner(), request.delegateOptions(options), executor, attributes);
    }
    return file.getFileSystem()
        .namespace()
        .keep(Opener.openAsynchronous(file.place(), request, Optional.ofNullable(executor)));
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path dir, DirectoryStream.Filter<? super Path> filter) throws IOException {
    SafePath directory = cast(dir);
    Objects.requireNonNull(filter);
    return directory.isLoading()
        ? DelegateDirectoryStream.open(directory, filter)
        : SafeDirectoryStream.open(directory, directory.place(), LinkMode.FOLLOW, filter);
  }

  @Override
  public void createDirectory(Path dir, FileAttribute<?>... attributes) throws IOException {
    SafePath directory = cast(dir);
    checkInitial(directory, attributes);
    FileAttribute<?>[] given = creationAttributes(attributes, TemporaryFiles.DIRECTORY);
    InitialAttributes initial = InitialAttributes.parseWithoutReplace(given);
    if (directory.isLoading()) {
      delegate().createDirectory(directory.inner(), given);
    } else {
      Directories.create(directory.place(), initial);
    }
  }

  @Override
  public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes)
      throws IOException {
    SafePath name = cast(link);
    SafePath content = cast(target);
    InitialAttributes initial = InitialAttributes.parse(attributes);
    if (name.isLoading()) {
      delegate().createSymbolicLink(name.inner(), content.inner());
    } else {
      String text = content.getFileSystem().delegate().codec().text(content.inner());
      Linker.createSymbolicLink(name.place(), text, initial);
    }
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    SafePath name = cast(link);
    SafePath file = cast(existing);
    if (name.isLoading()) {
      delegate().createLink(name.inner(), file.inner());
    } else {
      Linker.createLink(name.place(), file.place());
    }
  }

  @Override
  public Path readSymbolicLink(Path link) throws IOException {
    SafePath name = cast(link);
    return name.isServedByDelegate()
        ? name.getFileSystem().wrap(delegate().readSymbolicLink(name.inner()))
        : name.getFileSystem().path(Linker.readSymbolicLink(name.place()));
  }

  @Override
  public void delete(Path path) throws IOException {
    SafePath file = cast(path);
    if (file.isLoading()) {
      delegate().delete(file.inner());
    } else {
      Deleter.delete(file.place());
    }
  }

  @Override
  public boolean deleteIfExists(Path path) throws IOException {
    SafePath file = cast(path);
    return file.isLoading()
        ? delegate().deleteIfExists(file.inner())
        : Deleter.deleteIfExists(file.place());
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    SafePath from = cast(source);
    SafePath to = cast(target);
    CopyRequest request = CopyRequest.parse(options);
    if (from.isLoading()) {
      delegate().copy(from.inner(), to.inner(), options);
    } else {
      Copier.copy(from.place(), to.place(), request);
    }
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    SafePath from = cast(source);
    SafePath to = cast(target);
    MoveRequest request = MoveRequest.parse(options);
    if (from.isLoading()) {
      delegate().move(from.inner(), to.inner(), options);
    } else {
      Mover.move(from.place(), to.place(), request);
    }
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    SafePath file = cast(path);
    if (file.equals(other)) {
      return true;
    }
    if (!(Objects.requireNonNull(other) instanceof SafePath second)
        || second.getFileSystem().provider() != this) {
      return false;
    }
    return file.isLoading()
        ? delegate().isSameFile(file.inner(), second.inner())
        : SameFile.isSame(file.place(), second.place());
  }

  /** By the DOS attribute where no view is POSIX, else by a dot that begins the name. */
  @Override
  public boolean isHidden(Path path) throws IOException {
    SafePath file = cast(path);
    Set<String> views = file.getFileSystem().supportedFileAttributeViews();
    if (views.contains("dos") && !views.contains("posix")) {
      return readAttributes(file, DosFileAttributes.class).isHidden();
    }
    Path name = file.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    SafePath file = cast(path);
    return file.isServedByDelegate()
        ? delegate().getFileStore(file.inner())
        : SafeFileStore.of(new PathSubject(file, LinkMode.FOLLOW));
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    SafePath file = cast(path);
    for (AccessMode mode : modes) {
      Objects.requireNonNull(mode);
    }
    if (file.isServedByDelegate()) {
      delegate().checkAccess(file.inner(), modes);
    } else {
      try (FileHandle handle = file.place().open(LinkMode.FOLLOW)) {
        handle.checkAccess(modes);
      }
    }
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return new PathSubject(cast(path), LinkMode.parse(options)).view(type);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    return new PathSubject(cast(path), LinkMode.parse(options)).readAttributes(type);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    return new PathSubject(cast(path), LinkMode.parse(options)).readAttributes(attributes);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    new PathSubject(cast(path), LinkMode.parse(options)).setAttribute(attribute, value);
  }

  /**
   * Tells whether a file exists: called by the JDK from Java 20 on, instead of {@link
   * #checkAccess}.
   *
   * @param path of this provider
   * @param options {@code NOFOLLOW_LINKS}, or none
   * @return false also if that cannot be told
   */
  public boolean exists(Path path, LinkOption... options) {
    SafePath file = cast(path);
    if (file.isServedByDelegate()) {
      return Probe.exists(delegate(), file.inner(), options);
    }
    try (FileHandle handle = file.place().open(LinkMode.parse(options))) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Reads attributes: called by the JDK from Java 20 on.
   *
   * @param <A> their type
   * @param path of this provider
   * @param type their type
   * @param options {@code NOFOLLOW_LINKS}, or none
   * @return null if the file does not exist
   * @throws IOException if that fails otherwise
   */
  public <A extends BasicFileAttributes> @Nullable A readAttributesIfExists(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    SafePath file = cast(path);
    if (type != DosFileAttributes.class && file.isServedByDelegate()) {
      return Probe.readAttributesIfExists(delegate(), file.inner(), type, options);
    }
    try {
      return readAttributes(file, type, options);
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static void checkInitial(SafePath file, FileAttribute<?>... attributes) {
    AttributeNames.checkInitial(attributes, file.getFileSystem().supportedFileAttributeViews());
  }

  private OpenRequest parse(
      SafePath file, Set<? extends OpenOption> options, FileAttribute<?>... attributes) {
    checkInitial(file, attributes);
    FileAttribute<?>[] given =
        options.contains(StandardOpenOption.CREATE_NEW)
            ? creationAttributes(attributes, TemporaryFiles.FILE)
            : attributes;
    return OpenRequest.parse(options, file.config(), given);
  }

  private static boolean isServedByDelegate(SafePath file, OpenRequest request) {
    return request.access() == Access.READ
            && !request.flags().contains(OpenFlag.DELETE_ON_CLOSE)
            && file.config().specialFiles() == SpecialFiles.ALLOW
        ? file.isServedByDelegate()
        : file.isLoading();
  }
}
