package dev.safefs;

import dev.safefs.handle.Anchor;
import dev.safefs.op.Place;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The provider of the scheme {@code safe}: of the ambient file system {@code safe:///}, which is
 * always there, and of file systems confined to a directory, made by {@code
 * FileSystems.newFileSystem}. Settings: {@link SafeConfig}. Safe for use by several threads.
 *
 * <p>The operations have the outcomes that {@code java.nio.file} documents, and promise besides:
 *
 * <ul>
 *   <li>All, in a confined file system: no path leaves it; see {@link PathEscapeException}. R1 to
 *       R7.
 *   <li>Writers opened with {@code WRITE} and {@code TRUNCATE_EXISTING}, as {@code Files.write} and
 *       {@code newOutputStream} do: a reader sees the old file, or none, until the writer is closed
 *       or forced, and then the new one whole; so does whoever comes after a crash, see {@link
 *       Durability}. After a write, truncate, transfer or force that failed, an interrupt or a
 *       close in the middle of one, {@code close} publishes nothing and throws. It cannot know that
 *       the code between the writes failed; {@link SafeFiles#write} and {@link PendingFile} do.
 *       Attributes of the file that is replaced carry over; one that may not be written is an
 *       {@code AccessDeniedException}. Other writers are in place, see {@link Publication}. W1 to
 *       W8.
 *   <li>{@code move}: without {@code REPLACE_EXISTING} nothing is overwritten, with it the name
 *       always resolves; {@link SafeFiles#move} and {@link Guarantees} tell where that ends. To
 *       another file system the source is removed only if it still is what was copied, else {@link
 *       SourceChangedException}. M1 to M4.
 *   <li>{@code copy}: content and attributes are read from one open file, and the target appears
 *       whole, as by {@link SafeFiles#copy(Path, Path, java.nio.file.CopyOption...)}. C1 to C5.
 *   <li>{@code createSymbolicLink} takes {@link SafeAttributes#replaceExisting}; {@code createLink}
 *       links the file that it has opened, and a link itself. L1 and L4.
 *   <li>{@code delete}: acts in one open directory, whatever the name turns into.
 *       <i>Durability:</i> not synced. <i>Races:</i> what has the name then is removed; {@link
 *       SafeFiles#deleteIfSame} removes one file. D1 and D3.
 *   <li>Temporary files and directories are private: 0600 and 0700. T3.
 *   <li>Attributes, {@code isSameFile} and {@code toRealPath} are read and set by open files. A1,
 *       A2.
 *   <li>Directory streams are {@code SecureDirectoryStream}s where the platform allows it. S1.
 * </ul>
 *
 * <p>Reading in the ambient file system, outside of guarded directories, is the JDK's own.
 */
public final class SafeFileSystemProvider extends OverlayProvider {
  private final Lazy<Delegate> delegate;
  private final Lazy<SafeFileSystem> ambient = new Lazy<>(this::createAmbient);
  private final Registry registry = new Registry();

  /**
   * Creates the provider. Does nothing else: {@code ServiceLoader} is still looking for others.
   * Settings and the native library are looked at when they are first needed.
   */
  public SafeFileSystemProvider() {
    this(SafeFileSystemProvider::findDelegate);
  }

  /**
   * Creates the provider.
   *
   * @param delegate finds on first use what it lies over
   */
  SafeFileSystemProvider(Supplier<Delegate> delegate) {
    this.delegate = new Lazy<>(delegate);
  }

  @Override
  public String getScheme() {
    return SafeUri.SCHEME;
  }

  /**
   * Opens a confined file system and registers it, by the real path of the directory, until it is
   * closed. It stays with that directory, wherever that is moved.
   *
   * @param uri the directory, as {@code safe:///srv/data} or {@code safe:///srv/data!/}; links in
   *     it are followed
   * @param env the settings, see {@link SafeConfig#confined} for what is not among them
   * @throws FileSystemAlreadyExistsException if that directory has one, or for {@code safe:///}
   * @throws IllegalArgumentException if the URI is malformed, has another scheme, an authority,
   *     query or fragment, or names a file in a file system; if a setting or its value is not
   *     known, or is {@code guard}
   * @throws FileSystemNotFoundException if it is of a file system within a confined one
   * @throws java.nio.file.NoSuchFileException if there is nothing
   * @throws java.nio.file.NotDirectoryException if it is something else
   * @throws GuaranteeUnavailableException if the engine cannot be loaded and the settings are
   *     strict
   * @throws IOException if it cannot be opened
   */
  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) throws IOException {
    Objects.requireNonNull(env);
    String root =
        rootOf(uri)
            .orElseThrow(() -> new FileSystemAlreadyExistsException("safe:/// is always there"));
    Path real = ambient().namespace().realPath(ambientOf(root));
    return registry.open(
        real, () -> confine(ambient().wrap(real), env, () -> registry.remove(real)));
  }

  /**
   * Opens a confined file system that is not registered.
   *
   * @param path a directory, of the default file system, of this provider, or of any other
   *     provider; for what the latter keeps see {@link SafeFileSystems#over}
   * @param env the settings, see {@link SafeConfig#confined} for what is not among them
   * @throws UnsupportedOperationException if it is no directory, or none that can be looked at, so
   *     that other providers are asked
   * @throws IllegalArgumentException if a setting or its value is not known or is {@code guard}, or
   *     if {@code links} or {@code mounts} are not those of a confined file system that the
   *     directory is in
   * @throws GuaranteeUnavailableException if the settings are strict, and the engine cannot be
   *     loaded or the other provider has no secure directory streams
   * @throws IOException if it cannot be opened
   */
  @Override
  public FileSystem newFileSystem(Path path, Map<String, ?> env) throws IOException {
    Objects.requireNonNull(env);
    // Before the settings, which may be of the provider that is asked next.
    if (!isDirectory(isForeign(path) ? path : adopt(path))) {
      throw new UnsupportedOperationException("not a directory");
    }
    return isForeign(path)
        ? confineForeign(path, confinedConfig(env))
        : confine(adopt(path), env, () -> {});
  }

  /**
   * Returns the ambient file system, or a registered one.
   *
   * @param uri {@code safe:///}, or the directory, as {@code safe:///srv/data}
   * @throws FileSystemNotFoundException if that directory has none
   * @throws IllegalArgumentException if the URI is malformed, or names a file in a file system
   */
  @Override
  public FileSystem getFileSystem(URI uri) {
    Optional<String> root = rootOf(uri);
    return root.isEmpty() ? ambient() : registered(root.get());
  }

  /**
   * Returns a path: {@code safe:///etc/hosts} of the ambient file system, {@code
   * safe:///srv/data!/a} of a registered one. A {@code !} before a slash that ends no root is
   * written {@code %21}.
   *
   * @throws FileSystemNotFoundException if no file system of that root is registered
   * @throws IllegalArgumentException if the URI is malformed, has another scheme, an authority,
   *     query or fragment
   */
  @Override
  public Path getPath(URI uri) {
    SafeUri parsed = SafeUri.parse(uri);
    if (parsed.root().isEmpty()) {
      return ambientOf(parsed.path());
    }
    SafeFileSystem fileSystem = registered(parsed.root().get());
    Delegate beneath = fileSystem.delegate();
    return fileSystem.wrap(beneath.codec().pathIn(beneath.root(), parsed.path()));
  }

  /** Returns the file system {@code safe:///}. */
  SafeFileSystem ambient() {
    return ambient.get();
  }

  /**
   * Returns a path of the delegate, of the installed default or of this provider as one of ours.
   *
   * @throws UnsupportedOperationException if it is none of these
   */
  SafePath adopt(Path path) {
    if (path instanceof SafePath safe) {
      return safe;
    }
    if (path.getFileSystem() == delegate.get().fileSystem()) {
      return ambient().wrap(path);
    }
    throw new UnsupportedOperationException(
        "neither a safe path nor one of the default file system");
  }

  @Override
  URI uriOf(SafePath path) {
    SafePath absolute = (SafePath) path.toAbsolutePath();
    Namespace namespace = path.getFileSystem().namespace();
    return URI.create(
        namespace.uri(path.getFileSystem().delegate().codec().text(absolute.inner())));
  }

  @Override
  FileSystemProvider delegate() {
    return delegate.get().provider();
  }

  @Override
  FileAttribute<?>[] creationAttributes(
      FileAttribute<?>[] given, Set<PosixFilePermission> ownerOnly) {
    return TemporaryFiles.protect(given, ownerOnly);
  }

  private static Delegate findDelegate() {
    FileSystemProvider first = FileSystemProvider.installedProviders().get(0);
    return first instanceof SafeDefaultFileSystemProvider installed
        ? installed.fileSystem().delegate()
        : Delegate.of(first, EngineSelector.forThisMachine());
  }

  private SafeFileSystem createAmbient() {
    SafeConfig config = SafeConfig.ambient().withProperties(System::getProperty);
    return new SafeFileSystem(this, delegate.get(), new AmbientNamespace(delegate.get(), config));
  }

  private SafeFileSystem confine(SafePath root, Map<String, ?> env, Runnable onClose)
      throws IOException {
    Strictness strictness = SafeConfig.confined().with(env).strictness();
    Place place = root.getFileSystem().namespace().place(root, strictness);
    boolean isNested = place.anchor().isConfining();
    SafeConfig config = isNested ? nestedConfig(place.config(), env) : confinedConfig(env);
    Anchor anchor =
        isNested
            ? place.anchor().anchor(place.route(), LinkMode.FOLLOW)
            : confinedAnchor(place, config);
    Delegate beneath = root.getFileSystem().delegate();
    return new SafeFileSystem(
        this, beneath, new ConfinedNamespace(beneath, anchor, config, rootUri(root), onClose));
  }

  /** Opens a directory of the machine. */
  private Anchor confinedAnchor(Place place, SafeConfig config) throws IOException {
    return delegate
        .get()
        .engines()
        .engine(delegate.get(), config.strictness(), place.display())
        .confine(place.route(), config.links(), config.mounts());
  }

  /** Tells whether a path is of a provider that has nothing to do with this one or its delegate. */
  boolean isForeign(Path path) {
    return !(path instanceof SafePath) && path.getFileSystem() != delegate.get().fileSystem();
  }

  private SafeFileSystem confineForeign(Path path, SafeConfig config) throws IOException {
    FileSystem fileSystem = path.getFileSystem();
    Delegate beneath =
        new Delegate(
            fileSystem.provider(), fileSystem, new PathCodec(fileSystem), delegate.get().engines());
    Anchor anchor = EngineSelector.confineAnywhere(path, config);
    return new SafeFileSystem(
        this, beneath, new ConfinedNamespace(beneath, anchor, config, foreignUri(path), () -> {}));
  }

  private static String foreignUri(Path path) {
    String uri;
    try {
      uri = path.toUri().toString();
    } catch (UnsupportedOperationException e) {
      // Not all providers have URIs of paths, sshd-sftp for one.
      String scheme = path.getFileSystem().provider().getScheme();
      uri = scheme + "://" + SafeUri.encode(path.toAbsolutePath().toString());
    }
    return SafeUri.SCHEME + ":" + uri;
  }

  private String rootUri(SafePath root) {
    SafePath absolute = (SafePath) root.toAbsolutePath();
    String text = root.getFileSystem().delegate().codec().text(absolute.inner());
    return root.getFileSystem().namespace().uri(text);
  }

  /** Returns the ambient path that a URI's path names. */
  private SafePath ambientOf(String text) {
    return ambient().wrap(delegate.get().codec().pathOfUri(text));
  }

  private SafeFileSystem registered(String root) {
    return registry
        .find(ambientOf(root).inner())
        .or(() -> realPath(root).flatMap(registry::find))
        .orElseThrow(() -> new FileSystemNotFoundException(SafeUri.rootUri(root)));
  }

  private Optional<Path> realPath(String root) {
    try {
      return Optional.of(ambient().namespace().realPath(ambientOf(root)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Returns the root a file system's URI names, or empty for the ambient one. */
  private static Optional<String> rootOf(URI uri) {
    SafeUri parsed = SafeUri.parse(uri);
    boolean isAmbient = parsed.root().isEmpty() && parsed.path().equals("/");
    if (parsed.root().isPresent() && !parsed.path().equals("/")) {
      throw new IllegalArgumentException("'" + uri + "' names a file in a file system");
    }
    return isAmbient ? Optional.empty() : Optional.of(parsed.root().orElse(parsed.path()));
  }

  private static boolean isDirectory(Path path) {
    try {
      return path.getFileSystem()
          .provider()
          .readAttributes(path, BasicFileAttributes.class)
          .isDirectory();
    } catch (IOException e) {
      return false;
    }
  }

  private static SafeConfig confinedConfig(Map<String, ?> env) {
    SafeConfig config = SafeConfig.confined().with(env);
    if (!config.guard().isEmpty()) {
      throw new IllegalArgumentException("setting 'guard' is for ambient file systems");
    }
    return config;
  }

  private static SafeConfig nestedConfig(SafeConfig outer, Map<String, ?> env) {
    SafeConfig config =
        SafeConfig.confined().with("links", outer.links()).with("mounts", outer.mounts()).with(env);
    if (config.links() != outer.links() || config.mounts() != outer.mounts()) {
      throw new IllegalArgumentException(
          "settings 'links' and 'mounts' are those of the enclosing file system");
    }
    return config;
  }
}
