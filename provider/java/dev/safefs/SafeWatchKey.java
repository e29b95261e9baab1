package dev.safefs;

import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.util.List;

/** A key of the delegate's that speaks of paths of a {@link SafeFileSystem}. */
final class SafeWatchKey implements WatchKey {
  private final SafePath directory;
  private final WatchKey delegate;

  SafeWatchKey(SafePath directory, WatchKey delegate) {
    this.directory = directory;
    this.delegate = delegate;
  }

  @Override
  public boolean isValid() {
    return delegate.isValid();
  }

  @Override
  public List<WatchEvent<?>> pollEvents() {
    return delegate.pollEvents().stream().<WatchEvent<?>>map(this::wrap).toList();
  }

  @Override
  public boolean reset() {
    return delegate.reset();
  }

  @Override
  public void cancel() {
    delegate.cancel();
  }

  @Override
  public Watchable watchable() {
    return directory;
  }

  private WatchEvent<?> wrap(WatchEvent<?> event) {
    return event.context() instanceof Path name ? wrap(event, name) : event;
  }

  private WatchEvent<Path> wrap(WatchEvent<?> event, Path name) {
    @SuppressWarnings("unchecked") // the type of its context
    WatchEvent.Kind<Path> kind = (WatchEvent.Kind<Path>) event.kind();
    return new Event(kind, event.count(), directory.getFileSystem().wrap(name));
  }

  private record Event(Kind<Path> kind, int count, Path context) implements WatchEvent<Path> {}
}
