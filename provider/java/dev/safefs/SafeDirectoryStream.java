package dev.safefs;

import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Route;
import dev.safefs.op.Deleter;
import dev.safefs.op.Ending;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.op.Place;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A stream over an open directory. Relative paths given to it are resolved from that directory
 * wherever it is by now, and beneath it where the file system is confined; absolute ones as
 * everywhere. Promise S1.
 */
final class SafeDirectoryStream implements SecureDirectoryStream<Path>, Ending {
  private static final String SELF = ".";

  private final SafePath directory;
  private final Place self;
  private final Entries entries;
  private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();
  private boolean isOpen = true;
  private boolean isIterated;
  private volatile boolean over;

  private SafeDirectoryStream(SafePath directory, Place self, Entries entries) {
    this.directory = directory;
    this.self = self;
    this.entries = entries;
  }

  /**
   * Opens a directory.
   *
   * @param directory the path that entries get
   * @param place where it is
   * @param links whether a link at the end is followed
   * @param filter which entries to show
   * @throws java.nio.file.NotDirectoryException if it is something else
   */
  static SafeDirectoryStream open(
      SafePath directory, Place place, LinkMode links, Filter<? super Path> filter)
      throws IOException {
    Anchor anchor = place.anchor().view(place.route(), links);
    try {
      Place self = new Place(anchor, new Route(SELF, place.display()), config(place));
      Entries entries = new Entries(directory, anchor.list(self.display()), filter);
      return directory
          .getFileSystem()
          .namespace()
          .keep(new SafeDirectoryStream(directory, self, entries));
    } catch (IOException | RuntimeException | Error e) {
      try (anchor) {
        throw e;
      }
    }
  }

  /** A link that begins at the root does not begin at this directory. */
  private static SafeConfig config(Place place) {
    SafeConfig config = place.config();
    return config.links() == LinkPolicy.IN_ROOT ? config.with("links", LinkPolicy.BENEATH) : config;
  }

  @Override
  public Iterator<Path> iterator() {
    Lock lock = use.writeLock();
    lock.lock();
    try {
      if (!isOpen) {
        throw new IllegalStateException("Directory stream is closed");
      }
      if (isIterated) {
        throw new IllegalStateException("Iterator already obtained");
      }
      isIterated = true;
      return entries;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public SecureDirectoryStream<Path> newDirectoryStream(Path path, LinkOption... options)
      throws IOException {
    SafePath child = cast(path);
    LinkMode links = LinkMode.parse(options);
    return whileOpen(
        () -> open((SafePath) directory.resolve(child), place(child), links, entry -> true));
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    SafePath file = cast(path);
    OpenRequest request = OpenRequest.parse(options, self.config(), attributes);
    return whileOpen(
        () -> directory.getFileSystem().namespace().keep(Opener.open(place(file), request)));
  }

  @Override
  public void deleteFile(Path path) throws IOException {
    SafePath file = cast(path);
    whileOpen(
        () -> {
          Deleter.deleteFile(place(file));
          return file;
        });
  }

  @Override
  public void deleteDirectory(Path path) throws IOException {
    SafePath dir = cast(path);
    whileOpen(
        () -> {
          Deleter.deleteDirectory(place(dir));
          return dir;
        });
  }

  /** Renames, replacing a file that has the target's name, as the JDK does. */
  @Override
  public void move(Path source, SecureDirectoryStream<Path> targetDirectory, Path target)
      throws IOException {
    SafePath from = cast(source);
    SafePath to = cast(target);
    if (!(Objects.requireNonNull(targetDirectory) instanceof SafeDirectoryStream other)) {
      throw new ProviderMismatchException();
    }
    MoveRequest request = MoveRequest.parse(StandardCopyOption.ATOMIC_MOVE);
    whileOpen(
        () ->
            other.whileOpen(
                () -> {
                  Mover.move(place(from), other.place(to), request);
                  return to;
                }));
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(Class<V> type) {
    return view(type, this::openSelf);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    SafePath file = cast(path);
    LinkMode links = LinkMode.parse(options);
    return view(type, () -> place(file).open(links));
  }

  @Override
  public void close() throws IOException {
    if (end()) {
      // The lock is given back: a filter that is waited for now may be about to use this stream.
      try (Anchor anchor = self.anchor()) {
        entries.close();
      } finally {
        over = true;
      }
    }
  }

  @Override
  public boolean isOver() {
    return over;
  }

  /** Lets no use begin any more. False if another has done so. */
  private boolean end() {
    Lock lock = use.writeLock();
    lock.lock();
    try {
      boolean wasOpen = isOpen;
      isOpen = false;
      return wasOpen;
    } finally {
      lock.unlock();
    }
  }

  private Place place(SafePath path) throws IOException {
    if (path.isAbsolute()) {
      return path.place();
    }
    PathCodec codec = directory.getFileSystem().delegate().codec();
    return self.at(codec.route(path.inner(), directory.resolve(path).toString()));
  }

  private SafePath cast(Path path) {
    return directory.getFileSystem().overlay().cast(path);
  }

  private FileHandle openSelf() throws IOException {
    try (Dir dir = self.anchor().self(self.display())) {
      return dir.self();
    }
  }

  private <V extends FileAttributeView> @Nullable V view(Class<V> type, Call<FileHandle> open) {
    return directory.getFileSystem().delegate().hasView(type)
        ? AttributeViews.of(type, () -> whileOpen(open))
        : null;
  }

  private <T> T whileOpen(Call<T> call) throws IOException {
    Lock lock = use.readLock();
    // Not behind a close that waits, which two moves between two streams would wait for in a ring.
    if (!lock.tryLock()) {
      lock.lock();
    }
    try {
      if (!isOpen) {
        throw new ClosedDirectoryStreamException();
      }
      return call.call();
    } finally {
      lock.unlock();
    }
  }

  /** Something to do while the stream is open. */
  @FunctionalInterface
  private interface Call<T> {
    T call() throws IOException;
  }
}
