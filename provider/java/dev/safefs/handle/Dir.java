package dev.safefs.handle;

import dev.safefs.request.Replace;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * An open directory. Each method acts on one name in it and never follows a symbolic link there.
 *
 * <p>Outcomes that callers branch on are results; everything else is an exception of {@code
 * java.nio.file} that carries the user's path, the system call and its errno. Not owned by several
 * threads at once, except through an {@link Anchor}.
 */
public interface Dir extends Closeable {

  /**
   * Reads the attributes of this directory itself.
   *
   * @return as of now
   * @throws IOException if that fails
   */
  default Stat stat() throws IOException {
    try (FileHandle self = self()) {
      return self.stat();
    }
  }

  /**
   * Looks a name up.
   *
   * @param name the name
   * @return its attributes, or empty if nothing has it
   * @throws IOException if the look-up fails otherwise
   */
  Optional<Stat> stat(Name name) throws IOException;

  /**
   * Opens what has a name, as {@link Anchor#open} does.
   *
   * @param name the name
   * @return a handle to be closed, or empty if nothing has the name
   * @throws IOException if it cannot be opened
   */
  Optional<FileHandle> find(Name name) throws IOException;

  /**
   * Opens a directory in this one.
   *
   * @param name the name
   * @return the directory, to be closed
   * @throws java.nio.file.NotDirectoryException if it is something else, a symbolic link included
   * @throws IOException if it cannot be opened
   */
  Dir openDir(Name name) throws IOException;

  /**
   * Returns a handle of this directory itself.
   *
   * @return to be closed
   * @throws IOException if that fails
   */
  FileHandle self() throws IOException;

  /**
   * Creates a file exclusively. {@code openat(O_CREAT | O_EXCL | O_RDWR)}.
   *
   * @param name the name
   * @param mode permission bits before the umask
   * @return a handle for reading and writing, to be closed, or empty if the name is taken
   * @throws IOException if it cannot be created
   */
  Optional<FileHandle> create(Name name, int mode) throws IOException;

  /**
   * Creates a file without a name on this directory's mount. {@code openat(".", O_TMPFILE |
   * O_RDWR)}, Linux 3.11.
   *
   * @param mode permission bits before the umask
   * @return a handle for reading and writing, to be closed, or empty where the mount has no such
   *     files
   * @throws IOException if it cannot be created
   */
  Optional<FileHandle> anonymous(int mode) throws IOException;

  /**
   * Creates a directory.
   *
   * @param name the name
   * @param mode permission bits before the umask
   * @return {@code CREATED} or {@code EXISTS}
   * @throws IOException if it cannot be created
   */
  CreateResult mkdir(Name name, int mode) throws IOException;

  /**
   * Creates a symbolic link.
   *
   * @param target its content, lossless text
   * @param name the name
   * @return {@code CREATED}, {@code EXISTS} or {@code UNSUPPORTED}
   * @throws IOException if it cannot be created
   */
  CreateResult symlink(String target, Name name) throws IOException;

  /**
   * Creates a FIFO, socket or device file.
   *
   * @param name the name
   * @param like type, permission bits before the umask, and device of the file
   * @return {@code CREATED}, {@code EXISTS} or {@code UNSUPPORTED}
   * @throws IOException if it cannot be created
   */
  CreateResult mknod(Name name, Stat like) throws IOException;

  /**
   * Gives an open file or symbolic link another name, or an anonymous file its first.
   *
   * @param file the file; one of another engine is on another device
   * @param name the name
   * @return any result
   * @throws IOException if it cannot be linked
   */
  CreateResult link(FileHandle file, Name name) throws IOException;

  /**
   * Gives what has a name in this directory another name, where a handle of it cannot be given one.
   * <i>Races:</i> if the name is replaced before the call, the replacement is linked, so this is
   * for names that nobody else can reach.
   *
   * @param existing the name in this directory; a symbolic link is linked itself
   * @param target the directory of the new name; one of another engine is on another device
   * @param newName the new name
   * @return any result
   * @throws IOException if it cannot be linked
   */
  CreateResult linkName(Name existing, Dir target, Name newName) throws IOException;

  /**
   * Renames a name in this directory to a name in the target directory. <i>Atomicity:</i> a reader
   * of the new name sees the old file or the new one, never neither. <i>Races:</i> if the name is
   * replaced before the call, the replacement is moved.
   *
   * @param name the name in this directory
   * @param target the directory of the new name; one of another engine is on another device
   * @param newName the new name
   * @param replace what happens to a file that has it
   * @return any result; {@code RENAMED} with nothing changed if both name one file and it was to be
   *     replaced
   * @throws IOException if it fails otherwise, also when a directory was to be moved into itself
   */
  RenameResult rename(Name name, Dir target, Name newName, Replace replace) throws IOException;

  /**
   * Removes a name that is not a directory.
   *
   * @param name the name
   * @return {@code REMOVED}, {@code ABSENT} or {@code IS_DIRECTORY}
   * @throws IOException if it fails otherwise
   */
  RemoveResult unlink(Name name) throws IOException;

  /**
   * Removes an empty directory.
   *
   * @param name the name
   * @return {@code REMOVED}, {@code ABSENT}, {@code NOT_DIRECTORY} or {@code NOT_EMPTY}
   * @throws IOException if it fails otherwise
   */
  RemoveResult rmdir(Name name) throws IOException;

  /**
   * Lists the directory from its beginning.
   *
   * @return the listing, independent of others, to be closed
   * @throws IOException if it may not be read
   */
  Listing list() throws IOException;

  /**
   * Makes the names of this directory durable.
   *
   * @throws IOException if the device reports an error
   */
  void sync() throws IOException;

  /**
   * Tells what can be done here.
   *
   * @return of this directory's mount, valid while it is open
   */
  Capabilities capabilities();

  /**
   * Returns the user's path of a name in this directory.
   *
   * @param name the name
   * @return for messages
   */
  String display(Name name);

  @Override
  void close() throws IOException;
}
