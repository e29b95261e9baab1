package dev.safefs.confined;

import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;

/** Collects every text that a value shows to a program. */
final class Shown {
  private final StringBuilder texts = new StringBuilder();

  private Shown() {}

  /** Returns what a call shows: its value or its failure. */
  static String by(Callable<?> call) {
    Shown shown = new Shown();
    try {
      shown.add(call.call());
    } catch (Throwable e) {
      shown.addThrowable(e);
    }
    return shown.texts.toString();
  }

  private void add(Object value) throws Exception {
    texts.append(value).append('\n');
    if (value instanceof Throwable throwable) {
      addThrowable(throwable);
    } else if (value instanceof Path path) {
      texts.append(path.getFileName()).append(path.getParent()).append(path.getRoot()).append('\n');
      texts.append(path.toAbsolutePath()).append(path.normalize()).append('\n');
      addUri(path.toUri());
    } else if (value instanceof Map<?, ?> map) {
      add(map.keySet());
      add(map.values());
    } else if (value instanceof Iterable<?> elements) {
      for (Object element : elements) {
        add(element);
      }
    } else if (value instanceof WatchKey key) {
      add(key.watchable());
      add(key.pollEvents());
    } else if (value instanceof WatchEvent<?> event) {
      add(event.context());
    } else if (value instanceof FileStore store) {
      add(Arrays.asList(store.name(), store.type()));
    } else if (value instanceof FileSystem fileSystem) {
      add(fileSystem.getRootDirectories());
    }
    if (value instanceof AutoCloseable resource && !(value instanceof FileSystem)) {
      resource.close();
      if (value instanceof DirectoryStream<?> stream) {
        texts.append(by(stream::iterator));
      }
    }
  }

  /** The URI of a confined path begins with the one of the root, which may be shown. */
  private void addUri(URI uri) {
    texts.append(uri.toString().replaceFirst("^safe:[^!]*!", "")).append('\n');
  }

  private void addThrowable(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      texts.append(t).append(t.getLocalizedMessage()).append('\n');
      if (t instanceof FileSystemException known) {
        texts.append(known.getFile()).append(known.getOtherFile()).append(known.getReason());
      }
      for (Throwable suppressed : t.getSuppressed()) {
        addThrowable(suppressed);
      }
    }
  }
}
