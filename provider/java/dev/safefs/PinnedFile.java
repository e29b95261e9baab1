package dev.safefs;

import dev.safefs.handle.FileType;
import dev.safefs.op.Pin;
import dev.safefs.op.Place;
import dev.safefs.request.Access;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttributeView;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file, directory or symbolic link held open itself, not by name. Promises H1 to H3. Made by
 * {@link SafeFiles#pin}.
 *
 * <p>What is read is read from that object, and what is done is done to it, wherever its name was
 * moved within the directory it was found in; another file that has got its name is never touched:
 *
 * <pre>{@code
 * try (PinnedFile file = SafeFiles.pin(upload, LinkOption.NOFOLLOW_LINKS)) {
 *   if (isExpired(file.attributes())) {
 *     file.delete();
 *   }
 * }
 * }</pre>
 *
 * <p><i>Races:</i> where the kernel cannot delete or move by handle, the name is taken into a
 * private directory first, looked at there, and put back if it is another file's. For an instant
 * that file is missing from its name; if its name was taken meanwhile the exception tells where it
 * is. After a crash at that instant {@link SafeFiles#sweep} puts the file back. A directory that
 * cannot be moved into another one is compared, and then removed or renamed: what it is exchanged
 * for in between is acted on. Over another provider the object is known by path and key, compared
 * before and after.
 *
 * <p>After {@link #close} the methods throw {@code ClosedChannelException}. Not safe for use by
 * several threads.
 */
public final class PinnedFile implements Closeable {
  private static final Set<StandardOpenOption> OPTIONS =
      EnumSet.of(
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.APPEND,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.SYNC,
          StandardOpenOption.DSYNC,
          StandardOpenOption.SPARSE);

  private final Path given;
  private final SafePath path;
  private final Place place;
  private final Pin pin;

  /**
   * Creates a pinned file.
   *
   * @param given the caller's path, whose kind of path it gives back
   * @param place where that is
   * @param pin owned
   */
  PinnedFile(Path given, Place place, Pin pin) {
    this.given = given;
    this.path = Places.adopt(given);
    this.place = place;
    this.pin = pin;
  }

  /**
   * Reads the attributes.
   *
   * @return as of now, a symbolic link's own; also if the object has no name any more
   * @throws IOException if that fails
   */
  public BasicFileAttributes attributes() throws IOException {
    return new EntryAttributes(pin.handle().stat());
  }

  /**
   * Returns a view of the attributes, to read others than the basic ones, and to set any.
   *
   * @param type its type, as for {@code Files.getFileAttributeView}
   * @param <V> its type
   * @return the view, valid until this is closed, of a symbolic link itself; empty if there is none
   *     of that type
   */
  public <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    return pin.handle().view(type);
  }

  /**
   * Returns what identifies the object among those that exist now.
   *
   * @return equal to, or of the same text as, the key that the attributes of its path have
   * @throws IOException if that fails
   */
  public Object fileKey() throws IOException {
    return pin.handle().stat().identity().fileKey();
  }

  /**
   * Opens a channel on the file, which is written in place. <i>Atomicity:</i> none; a reader sees
   * each write. <i>Durability:</i> by its {@code force}.
   *
   * @param options as for {@code FileChannel.open}, but for those that create, delete or publish;
   *     none means {@code READ}. Other ones of {@link SafeOpenOption} and links change nothing
   * @return the channel, independent of this, but closed with the file system
   * @throws java.nio.file.AccessDeniedException if the permissions do not allow it
   * @throws FileSystemException if it is a symbolic link, a directory that is to be written, or a
   *     special file and these are refused
   * @throws GuaranteeUnavailableException if there is no procfs, by which it is opened again;
   *     proc(5)
   * @throws IllegalArgumentException for {@code APPEND} with {@code READ} or {@code
   *     TRUNCATE_EXISTING}
   * @throws UnsupportedOperationException for another option
   * @throws IOException if it cannot be opened
   */
  public FileChannel channel(OpenOption... options) throws IOException {
    for (OpenOption option : options) {
      if (option instanceof StandardOpenOption standard && !OPTIONS.contains(standard)) {
        throw new UnsupportedOperationException(option + " not supported for an open file");
      }
    }
    OpenRequest request = OpenRequest.parse(new HashSet<>(List.of(options)), place.config());
    if (List.of(options).contains(SafeOpenOption.PUBLISH_ON_CLOSE)) {
      throw new UnsupportedOperationException("PUBLISH_ON_CLOSE not supported for an open file");
    }
    refuse(pin.handle().stat().type(), request);
    Set<OpenOption> all = new HashSet<>(request.channelOptions());
    if (List.of(options).contains(StandardOpenOption.TRUNCATE_EXISTING)
        && request.access() != Access.READ) {
      all.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    return path.getFileSystem().namespace().keep(pin.handle().channel(all));
  }

  /**
   * Gives the object another name; a symbolic link is linked itself. Promise L4, linkat(2).
   * <i>Atomicity:</i> of any number of racing callers one gets the name. <i>Durability:</i> of the
   * name, as the file system's {@link Durability} asks.
   *
   * @param link the new name
   * @throws java.nio.file.FileAlreadyExistsException if it is taken
   * @throws java.nio.file.NoSuchFileException if the object has lost its last name
   * @throws FileSystemException if it is a directory, or on another file system or mount, or that
   *     has no hard links, or another user's file may not be linked (protected_hardlinks; proc(5))
   * @throws GuaranteeUnavailableException if open files can be linked only by procfs, and there is
   *     none
   * @throws IOException if it cannot be linked
   */
  public void linkTo(Path link) throws IOException {
    pin.linkTo(Places.of(link));
  }

  /**
   * Tells where the object is, whatever directory its name was moved to. <i>Races:</i> it may have
   * been moved again by the time the path is used.
   *
   * @return an absolute path without links; one of several, if it has several names
   * @throws java.nio.file.NoSuchFileException if it has no name any more
   * @throws PathEscapeException if it was moved out of a confined file system
   * @throws IOException if it cannot be found out
   */
  public Path currentPath() throws IOException {
    SafeFileSystem fileSystem = path.getFileSystem();
    return Places.like(given, fileSystem.path(guard() + pin.currentPath()));
  }

  /**
   * Tells whether a path is this object, a link at its end not followed. Promise A2: both are held
   * open while they are compared.
   *
   * @param other the path
   * @return false also if nothing is there, or a directory on the way does not exist
   * @throws IOException if the path cannot be resolved
   */
  public boolean isAt(Path other) throws IOException {
    return pin.isAt(Places.of(other));
  }

  /**
   * Moves the object. <i>Atomicity:</i> of the target, as {@link SafeFiles#move}; the object may be
   * without a name for an instant. <i>Durability:</i> of the names, as the options or the target's
   * {@link Durability} ask.
   *
   * <p>This goes on to hold the same object. {@link #delete} and a second move look for it in the
   * directory it was found in, not in another one it was moved to; on another file system the
   * target is a copy.
   *
   * @param target its new name
   * @param options as for {@link SafeFiles#move}
   * @throws SourceChangedException if it has no name any more in the directory it was found in, and
   *     nothing was touched; or it was written to while it was copied to another file system
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if the target is a directory with entries, or
   *     the object is and the target is on another file system
   * @throws java.nio.file.AtomicMoveNotSupportedException with {@code ATOMIC_MOVE}, if the target
   *     is on another file system
   * @throws RaceDetectedException if another file was taken and could not be put back, telling
   *     where it is
   * @throws UnsupportedOperationException for another option
   * @throws IOException if it fails otherwise; the object has its old name
   */
  public void moveTo(Path target, CopyOption... options) throws IOException {
    pin.moveTo(Places.of(target), MoveRequest.parse(options));
  }

  /**
   * Removes the object's name in the directory it was found in, whatever that is now. Other hard
   * links stay. <i>Durability:</i> nothing is synced.
   *
   * @throws SourceChangedException if it has no name there any more; nothing was touched
   * @throws java.nio.file.DirectoryNotEmptyException if it is a directory with entries
   * @throws RaceDetectedException if another file was taken and could not be put back, telling
   *     where it is
   * @throws IOException if it cannot be removed; it has its name
   */
  public void delete() throws IOException {
    pin.delete();
  }

  /**
   * Lets the object go. Does nothing the second time.
   *
   * @throws IOException if that fails
   */
  @Override
  public void close() throws IOException {
    pin.close();
  }

  private void refuse(FileType type, OpenRequest request) throws FileSystemException {
    boolean refused =
        switch (type) {
          case REGULAR -> false;
          case DIRECTORY -> request.access() != Access.READ;
          case SYMLINK -> true;
          default -> place.config().specialFiles() == SpecialFiles.REFUSE;
        };
    if (refused) {
      throw new FileSystemException(
          place.display(), null, "is a " + type + ", not opened for " + request.access());
    }
  }

  /**
   * Returns the guarded directory that places of an ambient file system are relative to, if any.
   */
  private String guard() {
    boolean isAmbient = path.getFileSystem().namespace() instanceof AmbientNamespace;
    if (!isAmbient || !place.anchor().isConfining()) {
      return "";
    }
    SafePath absolute = (SafePath) path.toAbsolutePath();
    String whole = path.getFileSystem().delegate().codec().text(absolute.inner());
    String beneath = place.route().text();
    return whole.endsWith(beneath) ? whole.substring(0, whole.length() - beneath.length()) : "";
  }
}
