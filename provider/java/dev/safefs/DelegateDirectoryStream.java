package dev.safefs;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.Iterator;

/**
 * A stream of the delegate's with wrapped entries: what lists directories while the engine is being
 * loaded.
 *
 * @param fileSystem whose paths the entries become
 * @param delegate the delegate's stream, owned
 */
record DelegateDirectoryStream(SafeFileSystem fileSystem, DirectoryStream<Path> delegate)
    implements DirectoryStream<Path> {

  /** Opens a stream. */
  static DirectoryStream<Path> open(SafePath dir, Filter<? super Path> filter) throws IOException {
    SafeFileSystem fileSystem = dir.getFileSystem();
    Filter<Path> inner = entry -> filter.accept(fileSystem.wrap(entry));
    return new DelegateDirectoryStream(
        fileSystem, fileSystem.delegate().provider().newDirectoryStream(dir.inner(), inner));
  }

  @Override
  public Iterator<Path> iterator() {
    Iterator<Path> entries = delegate.iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public Path next() {
        return fileSystem.wrap(entries.next());
      }
    };
  }

  @Override
  public void close() throws IOException {
    delegate.close();
  }
}
