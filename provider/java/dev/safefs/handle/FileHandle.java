package dev.safefs.handle;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.request.Access;
import dev.safefs.request.Reflink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.FileStore;
import java.nio.file.OpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileAttributeView;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * A file, directory, symbolic link or special file held open itself, not by name. Every method acts
 * on that object, wherever its names are by now. A symbolic link is never followed from here.
 *
 * <p>A handle that was opened for resolution only serves all methods but {@link #sync}, {@link
 * #truncate} and {@link #copyContentTo}, which need one from {@link #reopen}, {@link Dir#create} or
 * {@link Dir#anonymous}.
 */
public interface FileHandle extends Closeable {

  /**
   * Reads the attributes.
   *
   * @return as of now
   * @throws IOException if that fails
   */
  Stat stat() throws IOException;

  /**
   * Opens the object again for its content. Fails at once on a FIFO without a peer; check the type
   * first.
   *
   * @param access what for
   * @return another handle of the same object, to be closed
   * @throws java.nio.file.AccessDeniedException if its permissions do not allow it
   * @throws IOException if it cannot be opened
   */
  FileHandle reopen(Access access) throws IOException;

  /**
   * Opens a channel on the object: the delegate's own, with map, lock and transfer.
   *
   * @param options of {@code READ}, {@code WRITE}, {@code APPEND}, {@code TRUNCATE_EXISTING},
   *     {@code SYNC}, {@code DSYNC}, {@code SPARSE} and {@code ExtendedOpenOption.DIRECT}
   * @return the channel, independent of this handle
   * @throws IOException if it cannot be opened
   */
  FileChannel channel(Set<? extends OpenOption> options) throws IOException;

  /**
   * Opens an asynchronous channel on the object.
   *
   * @param options as for {@link #channel}, without {@code APPEND}
   * @param executor the caller's, or empty for the delegate's default
   * @return the channel, independent of this handle
   * @throws IOException if it cannot be opened
   */
  AsynchronousFileChannel asynchronousChannel(
      Set<? extends OpenOption> options, Optional<ExecutorService> executor) throws IOException;

  /**
   * Returns a view of the attributes, valid while this handle is open.
   *
   * @param type any view the delegate has
   * @param <V> its type
   * @return the view, or empty if the delegate has none of that type
   */
  <V extends FileAttributeView> Optional<V> view(Class<V> type);

  /**
   * Reads attributes by name.
   *
   * @param attributes as in {@code Files.readAttributes}
   * @return names without the view, and values
   * @throws UnsupportedOperationException if the view is not known
   * @throws IllegalArgumentException if an attribute is not known
   * @throws IOException if reading fails
   */
  Map<String, Object> readAttributes(String attributes) throws IOException;

  /**
   * Sets an attribute by name.
   *
   * @param attribute as in {@code Files.setAttribute}
   * @param value its value
   * @throws UnsupportedOperationException if the view is not known
   * @throws IllegalArgumentException if the attribute or value is not known
   * @throws IOException if it cannot be set
   */
  void setAttribute(String attribute, Object value) throws IOException;

  /**
   * Sets the permission bits.
   *
   * @param mode 07777
   * @throws IOException if that fails; for a symbolic link always
   */
  void setMode(int mode) throws IOException;

  /**
   * Sets owner and group. The kernel clears setuid and setgid then, so set the mode afterwards.
   *
   * @param owner numeric user id, or -1 to keep it
   * @param group numeric group id, or -1 to keep it
   * @throws IOException if that fails
   */
  void setOwner(int owner, int group) throws IOException;

  /**
   * Sets the times in nanoseconds.
   *
   * @param accessed time of last access
   * @param modified time of last modification
   * @throws IOException if that fails
   */
  void setTimes(Instant accessed, Instant modified) throws IOException;

  /**
   * Tells whether another object is of the same engine, so that one call can take both, and numbers
   * of owners mean the same.
   *
   * @param other the other
   * @return false also if that engine is of the same kind, over another file system
   */
  boolean sharesEngineWith(FileHandle other);

  /**
   * Tells whether the numbers of owner and group in a look at this object are theirs. They are not
   * where they stand for all that have no number here, as in a container; whoever got them would be
   * somebody else.
   *
   * @param stat what was read from it
   * @return true where the platform does not have that
   */
  default boolean knowsOwner(Stat stat) {
    return true;
  }

  /**
   * Carries extended attributes, ACLs among them, over to another object, and removes from it those
   * that this one has not. To one of another engine, user-defined ones only, see {@link
   * AcrossEngines}.
   *
   * @param target the other, which has just been made if it is of another engine
   * @return whether the other has them also once it is written to
   * @throws IOException naming the first attribute that could not be kept
   */
  Kept copyExtendedAttributesTo(FileHandle target) throws IOException;

  /**
   * Checks access as the effective user.
   *
   * @param modes none to check existence only
   * @throws java.nio.file.AccessDeniedException if one is not granted
   * @throws IOException if the check fails otherwise
   */
  void checkAccess(AccessMode... modes) throws IOException;

  /**
   * Copies all content to another file, holes kept: shared blocks, else copied by the kernel, else
   * through a buffer. To one of another engine through channels, see {@link AcrossEngines}.
   *
   * @param target an empty regular file open for writing
   * @param monitor told of progress, and asked whether to go on
   * @throws IOException if reading or writing fails, or as the monitor throws
   */
  void copyContentTo(FileHandle target, CopyMonitor monitor) throws IOException;

  /**
   * Copies all content to another file, with a say in whether blocks are shared. Platforms that
   * have no say in it leave this as it is.
   *
   * @param target an empty regular file open for writing
   * @param reflink whether blocks are shared
   * @param monitor told of progress, and asked whether to go on
   * @throws GuaranteeUnavailableException if it is not {@code AUTO} and cannot be as asked
   * @throws IOException if reading or writing fails, or as the monitor throws
   */
  default void copyContentTo(FileHandle target, Reflink reflink, CopyMonitor monitor)
      throws IOException {
    if (!sharesEngineWith(target)) {
      AcrossEngines.copyContent(this, target, reflink, monitor);
      return;
    }
    if (reflink != Reflink.AUTO) {
      throw new GuaranteeUnavailableException(
          target.display(),
          null,
          "C3 cannot be kept: sharing of blocks is not controlled on this platform");
    }
    copyContentTo(target, monitor);
  }

  /**
   * Sets the size.
   *
   * @param sizeBytes the new one
   * @throws IOException if that fails
   */
  void truncate(long sizeBytes) throws IOException;

  /**
   * Makes content durable. A failure means that content may be lost, and is not to be retried.
   *
   * @param scope how much
   * @throws IOException if the device reports an error
   */
  void sync(SyncScope scope) throws IOException;

  /**
   * Marks the object as in use, across processes and process id namespaces, until the mark or this
   * handle is closed or the process dies. A lock of the open file description: {@code F_OFD_SETLK}
   * over the whole file, with {@code F_WRLCK} by a handle for writing. One for reading, as of a
   * directory, takes {@code F_RDLCK}, then {@code F_OFD_GETLK} with {@code F_WRLCK} to see that no
   * other has one, else {@code F_UNLCK}. {@code fcntl(2)}, Linux 3.15. Needs a handle for content.
   *
   * @return the mark, whose closing never fails; empty if another handle has one, or where there
   *     are no such locks
   * @throws IOException if locking fails otherwise
   */
  Optional<Closeable> tryLock() throws IOException;

  /**
   * Tells whether {@link #sync} may make the content durable, and {@link #channel} go on after
   * that.
   *
   * @return false where the engine knows that it does not
   */
  default boolean mayBeSynced() {
    return true;
  }

  /**
   * Tells whether its file system has {@link Capability#STORAGE}.
   *
   * @return true also where the platform cannot tell
   * @throws IOException if it cannot be found out
   */
  default boolean isStored() throws IOException {
    return true;
  }

  /**
   * Tells whether a name is the one by which this object, opened by a name, is or was known last:
   * it follows renames, and stays when the name is removed or given to another object.
   *
   * @param name the last component of a path
   * @return false also where the platform cannot tell
   * @throws IOException if it cannot be found out
   */
  default boolean isLastNamed(Name name) throws IOException {
    return false;
  }

  /**
   * Reads the target of a symbolic link.
   *
   * @return lossless text
   * @throws java.nio.file.NotLinkException if it is no symbolic link
   * @throws IOException if reading fails
   */
  String readLink() throws IOException;

  /**
   * Returns the store the object is on.
   *
   * @return the delegate's
   * @throws IOException if it cannot be found out
   */
  FileStore fileStore() throws IOException;

  /**
   * Asks the open object how much room its store has. To find the store, the JDK reads the table of
   * all mounts.
   *
   * @return empty if only the store can tell
   * @throws IOException if the object is closed
   */
  default Optional<Space> space() throws IOException {
    return Optional.empty();
  }

  /**
   * Registers the directory with the delegate's watch service.
   *
   * @param service the delegate's
   * @param kinds what to watch for
   * @param modifiers as the delegate takes them
   * @return the delegate's key, whose {@code watchable} is not to be shown to a user
   * @throws IOException if that fails
   */
  WatchKey register(
      WatchService service, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers)
      throws IOException;

  /**
   * Returns the user's path this handle was opened by.
   *
   * @return for messages
   */
  String display();

  @Override
  void close() throws IOException;
}
