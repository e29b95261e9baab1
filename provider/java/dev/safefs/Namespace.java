package dev.safefs;

import dev.safefs.op.Place;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** What the paths of a file system mean: the machine's files, or those beneath one directory. */
interface Namespace {

  /** Returns the settings of the file system. */
  SafeConfig config();

  /** Makes a path of the delegate absolute. */
  Path absolute(Path path);

  /**
   * Returns where a path is.
   *
   * @throws java.nio.file.ClosedFileSystemException if the file system is closed
   * @throws IOException if there is no engine, or a guarded directory cannot be opened
   */
  Place place(SafePath path) throws IOException;

  /**
   * Returns where a path is, for what is made with a strictness of its own.
   *
   * @throws IOException as {@link #place(SafePath)} does
   */
  default Place place(SafePath path, Strictness strictness) throws IOException {
    return place(path);
  }

  /**
   * Tells whether the delegate serves calls for a path that are one atomic system call of its own:
   * same outcome, no cost.
   *
   * @return false for paths that are kept beneath a directory
   */
  boolean isServedByDelegate(SafePath path);

  /**
   * Tells whether the delegate serves every call of this thread, because it is loading the engine.
   *
   * @return never true where paths are kept beneath a directory
   */
  boolean isLoading();

  /** Returns the real path of a path, as a path of the delegate. */
  Path realPath(SafePath path, LinkOption... options) throws IOException;

  /** Returns the raw URI of an absolute lossless text. */
  String uri(String text);

  /** Returns the stores that can be reached. */
  Iterable<FileStore> fileStores();

  /**
   * Keeps what was given out, so that {@link #close} closes it. Closes it at once where that has
   * been called.
   */
  <C extends Closeable> C keep(C resource) throws IOException;

  /** Tells whether the file system may be used. */
  boolean isOpen();

  /**
   * Closes the file system with all it gave out.
   *
   * @throws UnsupportedOperationException if it is always open
   */
  void close() throws IOException;
}
