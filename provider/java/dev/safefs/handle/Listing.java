package dev.safefs.handle;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/** A listing of a directory under way. Not safe for use by several threads. */
public interface Listing extends Closeable {

  /**
   * Returns the next entry, never {@code .} or {@code ..}. Names created or removed meanwhile may
   * or may not appear.
   *
   * @return the entry, or empty at the end
   * @throws IOException if reading fails
   */
  Optional<Entry> next() throws IOException;

  /** Releases the listing. Never fails. */
  @Override
  void close();
}
