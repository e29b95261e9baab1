package dev.safefs.handle;

import dev.safefs.request.LinkMode;
import java.io.Closeable;
import java.io.IOException;

/**
 * An open root that routes are resolved from. A confining anchor lets no route leave it, whatever
 * happens to the tree meanwhile, and fails with a {@code PathEscapeException}; an ambient one
 * resolves as the kernel does.
 *
 * <p>All methods fail with the exceptions of {@code java.nio.file}, carrying the route's display
 * text. Safe for use by several threads; closing it waits for no one, and later calls fail with a
 * {@code ClosedFileSystemException}.
 */
public interface Anchor extends Closeable {

  /**
   * Opens the directory that holds the last name of a route. The last name is not looked at.
   *
   * @param route a route that has a name
   * @return the directory and the name, to be closed
   * @throws IOException if the directory cannot be opened
   */
  ParentRef parent(Route route) throws IOException;

  /**
   * Opens whatever a route leads to, without hanging and without side effect on a FIFO, socket or
   * device. The handle serves for attributes; {@link FileHandle#channel} and {@link
   * FileHandle#reopen} give access to content.
   *
   * @param route any route, roots included
   * @param links whether a link at the end is followed
   * @return the handle, to be closed
   * @throws IOException if the route cannot be resolved
   */
  FileHandle open(Route route, LinkMode links) throws IOException;

  /**
   * Opens a directory.
   *
   * @param route any route, roots included
   * @param links whether a link at the end is followed
   * @return the directory, to be closed
   * @throws java.nio.file.NotDirectoryException if it is something else
   * @throws IOException if the route cannot be resolved
   */
  Dir openDir(Route route, LinkMode links) throws IOException;

  /**
   * Opens the directory that routes are resolved from. No way is looked for: it may be one that
   * must not be searched any more.
   *
   * @param display its path, for messages
   * @return the directory, to be closed
   * @throws IOException if it is not there any more
   */
  Dir self(String display) throws IOException;

  /**
   * Opens the directory that routes are resolved from, to be listed.
   *
   * @param display its path, for messages
   * @return the listing, to be closed
   * @throws IOException if it is not there any more, or may not be read
   */
  default Listing list(String display) throws IOException {
    try (Dir dir = self(display)) {
      return dir.list();
    }
  }

  /**
   * Opens a directory as an anchor of its own with the policies of this one: the root of a nested
   * file system. A confining anchor's is confined to that directory.
   *
   * @param route any route, roots included
   * @param links whether a link at the end is followed
   * @return the anchor, to be closed
   * @throws IOException as for {@link #openDir}
   */
  Anchor anchor(Route route, LinkMode links) throws IOException;

  /**
   * Opens a directory as the view of a secure directory stream. As {@link #anchor}, but a directory
   * that is no root stands in for none: where absolute links begin at the root, they are escapes.
   *
   * @param route any route, roots included
   * @param links whether a link at the end is followed
   * @return the anchor, to be closed
   * @throws IOException as for {@link #openDir}
   */
  default Anchor view(Route route, LinkMode links) throws IOException {
    return anchor(route, links);
  }

  /**
   * Returns where an open file is, as an absolute text in this anchor's namespace without links.
   *
   * @param file a handle opened from this anchor
   * @param route its route, for messages
   * @return lossless text, {@code "/"} for the root
   * @throws java.nio.file.NoSuchFileException if it has no name any more
   * @throws IOException if it cannot be found out, or is no longer beneath a confining anchor
   */
  String realText(FileHandle file, Route route) throws IOException;

  /**
   * Checks a link that is to be followed by its text, as the kernel checks those it follows itself.
   *
   * @param dir the directory that it was found in, opened from this anchor
   * @param link its attributes
   * @param display the user's path
   * @return where it leads to by its text
   * @throws java.nio.file.AccessDeniedException if another user has put it into a directory that
   *     all share, such as {@code /tmp}
   * @throws IOException if no link of that mount is followed, or that cannot be found out
   */
  default LinkText checkMayFollow(Dir dir, Stat link, String display) throws IOException {
    return LinkText.PATH;
  }

  /**
   * Returns the text of a link as routes have it: one that is absolute begins with a slash.
   *
   * @param target as {@link FileHandle#readLink} returned it
   * @return the same but where there are drives
   * @throws IOException if it is no path here
   */
  default String linkText(String target) throws IOException {
    return target;
  }

  /** What the text of a link says. */
  enum LinkText {
    /** Where it leads to. */
    PATH,
    /** A description: only the kernel knows where a link of procfs leads to; proc(5). */
    DESCRIPTION
  }

  /**
   * Checks a file that was found where one was to be created, as the kernel does if it is asked to
   * create it.
   *
   * @param dir the directory that it was found in, opened from this anchor
   * @param file its attributes
   * @param display the user's path
   * @throws java.nio.file.AccessDeniedException if another user has put it into a directory that is
   *     shared, and the kernel is set not to open it then
   * @throws IOException if that cannot be found out
   */
  default void checkMayTake(Dir dir, Stat file, String display) throws IOException {}

  /**
   * Returns a name as its directory lists it, which may be spelt in another way where upper and
   * lower case, or composed and decomposed letters, are one, and a rename over it would change
   * that.
   *
   * @param parent a name of this anchor's
   * @return closes the same directory; the same name where nothing has it
   * @throws IOException if that cannot be found out
   */
  default ParentRef listed(ParentRef parent) throws IOException {
    return parent;
  }

  /**
   * Tells whether routes are kept beneath a directory.
   *
   * @return false for an ambient anchor
   */
  boolean isConfining();

  @Override
  void close() throws IOException;
}
