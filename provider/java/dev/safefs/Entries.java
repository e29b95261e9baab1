package dev.safefs;

import dev.safefs.handle.Entry;
import dev.safefs.handle.Listing;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a directory as paths, filtered. Once closed it gives at most the entry it has
 * already read.
 */
final class Entries implements Iterator<Path>, Closeable {
  private final SafePath directory;
  private final Listing listing;
  private final DirectoryStream.Filter<? super Path> filter;
  private @Nullable Path next;
  private boolean isAtEnd;

  /**
   * Creates the iterator.
   *
   * @param directory what the entries are resolved from
   * @param listing the open directory, owned
   * @param filter which entries to give
   */
  Entries(SafePath directory, Listing listing, DirectoryStream.Filter<? super Path> filter) {
    this.directory = directory;
    this.listing = listing;
    this.filter = filter;
  }

  @Override
  public synchronized boolean hasNext() {
    if (next == null && !isAtEnd) {
      next = read();
      isAtEnd |= next == null;
    }
    return next != null;
  }

  @Override
  public synchronized Path next() {
    if (!hasNext() || next == null) {
      throw new NoSuchElementException();
    }
    Path entry = next;
    next = null;
    return entry;
  }

  @Override
  public synchronized void close() {
    isAtEnd = true;
    listing.close();
  }

  private @Nullable Path read() {
    try {
      Optional<Entry> entry = listing.next();
      while (entry.isPresent()) {
        Path path = resolve(entry.get());
        if (filter.accept(path)) {
          return path;
        }
        // The filter may have closed the stream.
        entry = isAtEnd ? Optional.empty() : listing.next();
      }
      return null;
    } catch (IOException e) {
      throw new DirectoryIteratorException(e);
    }
  }

  private Path resolve(Entry entry) {
    Path name = directory.getFileSystem().delegate().codec().path(entry.name().text());
    return directory.getFileSystem().wrap(directory.inner().resolve(name));
  }
}
