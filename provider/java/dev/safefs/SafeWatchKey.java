package dev.safefs;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.safefs.handle.Name;
import dev.safefs.op.TempNames;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.Watchable;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A key of the delegate's that speaks of paths of a {@link SafeFileSystem}. It is silent about
 * names that are staged, and tells of a file that was published over another one to whoever asked
 * for modifications.
 */
final class SafeWatchKey implements WatchKey {
  private final SafePath directory;
  private final WatchKey delegate;
  private volatile Set<WatchEvent.Kind<?>> asked;

  SafeWatchKey(SafePath directory, WatchKey delegate, Set<WatchEvent.Kind<?>> asked) {
    this.directory = directory;
    this.delegate = delegate;
    this.asked = asked;
  }

  /**
   * Returns what to ask the delegate for. A file that is published over another one is created to
   * the kernel, where the JDK's would be modified.
   */
  static WatchEvent.Kind<?>[] forDelegate(WatchEvent.Kind<?>... kinds) {
    List<WatchEvent.Kind<?>> asked = Arrays.asList(kinds);
    if (!asked.contains(ENTRY_MODIFY) || asked.contains(ENTRY_CREATE)) {
      return kinds;
    }
    WatchEvent.Kind<?>[] more = Arrays.copyOf(kinds, kinds.length + 1);
    more[kinds.length] = ENTRY_CREATE;
    return more;
  }

  /** Is told that the directory was registered once again. */
  void ask(Set<WatchEvent.Kind<?>> kinds) {
    asked = kinds;
  }

  @Override
  public boolean isValid() {
    return delegate.isValid();
  }

  @Override
  public List<WatchEvent<?>> pollEvents() {
    List<WatchEvent<?>> events = new ArrayList<>();
    for (WatchEvent<?> event : delegate.pollEvents()) {
      if (!(event.context() instanceof Path name)) {
        events.add(event);
      } else if (!TempNames.isLeftover(Name.of(name.toString())) && !isOfNoName(event, name)) {
        events.add(wrap(event, name));
      }
    }
    return events;
  }

  /** Tells whether what was written had no name yet: the kernel shows {@code #} and its number. */
  private boolean isOfNoName(WatchEvent<?> event, Path name) {
    String text = name.toString();
    return event.kind() == ENTRY_MODIFY
        && text.length() > 1
        && text.startsWith("#")
        && text.chars().skip(1).allMatch(Character::isDigit)
        && !isThere(directory.getFileSystem().wrap(name));
  }

  private boolean isThere(Path name) {
    Path entry = directory.resolve(name);
    try {
      entry
          .getFileSystem()
          .provider()
          .readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      // Not known, so the event is shown.
      return true;
    }
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

  private WatchEvent<Path> wrap(WatchEvent<?> event, Path name) {
    @SuppressWarnings("unchecked") // the type of its context
    WatchEvent.Kind<Path> told = (WatchEvent.Kind<Path>) event.kind();
    WatchEvent.Kind<Path> kind =
        told == ENTRY_CREATE && !asked.contains(ENTRY_CREATE) ? ENTRY_MODIFY : told;
    return new Event(kind, event.count(), directory.getFileSystem().wrap(name));
  }

  private record Event(Kind<Path> kind, int count, Path context) implements WatchEvent<Path> {}
}
