package dev.safefs;

import dev.safefs.handle.FileHandle;
import dev.safefs.op.Place;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * A watch service of the delegate's with one key of ours for each of its own. A key may be
 * signalled before {@code register} has returned it: whoever takes it then waits for the
 * registrations under way.
 */
final class SafeWatchService implements WatchService {
  private final SafeFileSystem fileSystem;
  private final WatchService delegate;
  private final ReentrantReadWriteLock registering = new ReentrantReadWriteLock();
  private final Map<WatchKey, Registration> registrations = new WeakHashMap<>();

  SafeWatchService(SafeFileSystem fileSystem, WatchService delegate) {
    this.fileSystem = fileSystem;
    this.delegate = delegate;
  }

  /**
   * Watches a directory.
   *
   * @throws ProviderMismatchException if it is of another file system
   */
  WatchKey register(SafePath path, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers)
      throws IOException {
    if (path.getFileSystem() != fileSystem) {
      throw new ProviderMismatchException();
    }
    Lock lock = registering.readLock();
    lock.lock();
    try {
      WatchEvent.Kind<?>[] more = SafeWatchKey.forDelegate(kinds);
      WatchKey key =
          path.isServedByDelegate()
              ? path.inner().register(delegate, more, modifiers)
              : registerPinned(path, more, modifiers);
      return register(key, path, new HashSet<>(Arrays.asList(kinds)));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable WatchKey poll() {
    return wrapOrNull(delegate.poll());
  }

  @Override
  public @Nullable WatchKey poll(long timeout, TimeUnit unit) throws InterruptedException {
    return wrapOrNull(delegate.poll(timeout, unit));
  }

  @Override
  public WatchKey take() throws InterruptedException {
    WatchKey key = null;
    while (key == null) {
      key = wrapOrNull(delegate.take());
    }
    return key;
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }

  private WatchKey registerPinned(
      SafePath path, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers)
      throws IOException {
    Place place = path.place();
    try (FileHandle directory = place.open(LinkMode.FOLLOW)) {
      return directory.register(delegate, kinds, modifiers);
    }
  }

  private @Nullable WatchKey wrapOrNull(@Nullable WatchKey key) {
    if (key == null) {
      return null;
    }
    WatchKey known = find(key);
    if (known == null) {
      Lock lock = registering.writeLock();
      lock.lock();
      lock.unlock();
      known = find(key);
    }
    return known;
  }

  private WatchKey register(WatchKey key, SafePath path, Set<WatchEvent.Kind<?>> asked) {
    synchronized (registrations) {
      Registration registration =
          registrations.computeIfAbsent(key, absent -> new Registration(path));
      registration.asked = asked;
      SafeWatchKey wrapped = registration.wrap(key);
      wrapped.ask(asked);
      return wrapped;
    }
  }

  private @Nullable WatchKey find(WatchKey key) {
    synchronized (registrations) {
      Registration registration = registrations.get(key);
      return registration == null ? null : registration.wrap(key);
    }
  }

  /**
   * What is known of a key. Holds no key strongly, so that both go once the delegate drops its own.
   */
  private static final class Registration {
    private final SafePath directory;
    private Set<WatchEvent.Kind<?>> asked = Set.of();
    private WeakReference<SafeWatchKey> wrapped = new WeakReference<>(null);

    Registration(SafePath directory) {
      this.directory = directory;
    }

    SafeWatchKey wrap(WatchKey key) {
      SafeWatchKey known = wrapped.get();
      if (known == null) {
        known = new SafeWatchKey(directory, key, asked);
        wrapped = new WeakReference<>(known);
      }
      return known;
    }
  }
}
