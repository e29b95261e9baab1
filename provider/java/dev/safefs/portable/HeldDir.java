package dev.safefs.portable;

import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * The primitives of a delegate's directory, on names that were checked. None follows a symbolic
 * link but where it says so. Failures are the delegate's own. Shared by counting: every {@link
 * #share} takes a {@link #close}.
 */
interface HeldDir extends Closeable {

  /** Returns what this directory is known by. */
  Node node();

  /** Looks a name up. */
  Optional<Stat> look(Name name) throws IOException;

  /**
   * Opens a directory in this one.
   *
   * @throws java.nio.file.NotDirectoryException if it is something else
   */
  HeldDir enter(Name name) throws IOException;

  /**
   * Opens a file's content. Looks at nothing first, so it may wait on a FIFO.
   *
   * @param options without {@code NOFOLLOW_LINKS}, which is meant
   * @return a file channel where the delegate has them
   */
  SeekableByteChannel open(
      Name name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException;

  /** Removes a name that is not a directory. */
  void unlink(Name name) throws IOException;

  /** Removes an empty directory. */
  void rmdir(Name name) throws IOException;

  /** Renames over whatever has the new name, in one step. */
  void replace(Name name, HeldDir target, Name newName) throws IOException;

  /**
   * Renames, and fails in one step if the new name is taken. Only where {@link
   * Host#movesExclusively}.
   */
  void moveExclusively(Name name, HeldDir target, Name newName) throws IOException;

  /**
   * Returns the delegate's view of a name's attributes, empty if it has none. Valid for one call.
   */
  <V extends FileAttributeView> Optional<V> view(Name name, Class<V> type);

  /**
   * Returns the delegate's view of this directory's attributes, empty if it has none. Valid for one
   * call.
   */
  <V extends FileAttributeView> Optional<V> view(Class<V> type);

  /** Begins a listing. */
  Entries list() throws IOException;

  /**
   * Does something by this directory's path. That it leads here is checked before and after; if it
   * did not afterwards, that is a race.
   */
  <T> T byPath(PathCall<T> call) throws IOException;

  /** Returns this directory once more. */
  HeldDir share();

  @Override
  void close() throws IOException;

  /** Something done by a path. */
  @FunctionalInterface
  interface PathCall<T> {
    /** Does it. */
    T on(Path dir) throws IOException;
  }

  /**
   * A listing under way.
   *
   * @param iterator its entries
   * @param stream closes it
   */
  record Entries(Iterator<Path> iterator, Closeable stream) implements Closeable {

    /** Takes over a stream. */
    static Entries of(DirectoryStream<Path> stream) {
      try {
        return new Entries(stream.iterator(), stream);
      } catch (RuntimeException | Error e) {
        Failures.close(stream, e);
        throw e;
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
