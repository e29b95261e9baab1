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
 * is. Not safe for use by several threads.
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
   * @return as of now, a symbolic link's own
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
   * @return the view, valid until this is closed; empty if there is none of that type
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
   * each write.
   *
   * @param options as for {@code FileChannel.open}, but for those that create or delete; none means
   *     {@code READ}
   * @return the channel, independent of this
   * @throws java.nio.file.AccessDeniedException if the permissions do not allow it
   * @throws FileSystemException if it is a symbolic link, or a special file and these are refused
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
    refuse(pin.handle().stat().type(), request);
    Set<OpenOption> all = new HashSet<>(request.channelOptions());
    if (List.of(options).contains(StandardOpenOption.TRUNCATE_EXISTING)
        && request.access() != Access.READ) {
      all.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    return path.getFileSystem().namespace().keep(pin.handle().channel(all));
  }

  /**
   * Gives the object another name; a symbolic link is linked itself. <i>Atomicity:</i> of any
   * number of racing callers one gets the name.
   *
   * @param link the new name
   * @throws java.nio.file.FileAlreadyExistsException if it is taken
   * @throws java.nio.file.NoSuchFileException if the object has lost its last name
   * @throws FileSystemException if it is a directory, or on another file system
   * @throws IOException if it cannot be linked
   */
  public void linkTo(Path link) throws IOException {
    pin.linkTo(Places.of(link));
  }

  /**
   * Tells where the object is, whatever directory its name was moved to.
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
   * Tells whether a path is this object, a link at its end not followed.
   *
   * @param other the path
   * @return false also if nothing is there
   * @throws IOException if the path cannot be resolved
   */
  public boolean isAt(Path other) throws IOException {
    return pin.isAt(Places.of(other));
  }

  /**
   * Moves the object. <i>Atomicity:</i> of the target, as {@link SafeFiles#move}; the object may be
   * without a name for an instant.
   *
   * @param target its new name
   * @param options as for {@code Files.move}, and {@link SafeCopyOption#DURABLE}
   * @throws SourceChangedException if it has no name any more in the directory it was found in;
   *     nothing was touched
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws RaceDetectedException if another file was taken and could not be put back, telling
   *     where it is
   * @throws IOException if it fails otherwise; the object has its old name
   */
  public void moveTo(Path target, CopyOption... options) throws IOException {
    pin.moveTo(Places.of(target), MoveRequest.parse(options));
  }

  /**
   * Removes the object's name in the directory it was found in. Other hard links stay.
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
   * Lets the object go.
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
