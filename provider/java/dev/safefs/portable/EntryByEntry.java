package dev.safefs.portable;

import dev.safefs.handle.Name;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Moves a directory by its entries where the delegate moves files only: zipfs makes an empty one of
 * the new name, leaves the old one with all that is in it, and says nothing. <i>Atomicity:</i> none
 * for readers of the same archive. <i>Durability:</i> the archive is written as a whole when it is
 * closed.
 *
 * @param host the delegate
 */
record EntryByEntry(Host host) {

  /** Moves a directory to a name that is free, or an empty directory's. */
  void move(HeldDir dir, Name name, HeldDir target, Name newName) throws IOException {
    dir.byPath(
        from ->
            target.byPath(
                to -> {
                  move(
                      from.resolve(host.names().path(name)),
                      to.resolve(host.names().path(newName)));
                  return name;
                }));
  }

  private void move(Path from, Path to) throws IOException {
    BasicFileAttributes attributes =
        host.provider().readAttributes(from, BasicFileAttributes.class);
    Target target = make(to);
    List<Path> moved = new ArrayList<>();
    try {
      for (Path entry : entries(from)) {
        Path name = entry.getFileName();
        moveEntry(from.resolve(name), to.resolve(name));
        moved.add(name);
      }
      permissions(from, to);
      times(to, attributes);
      host.provider().delete(from);
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(() -> moveBack(from, to, moved, target), e);
      throw e;
    }
  }

  /** What had the new name. */
  private enum Target {
    MADE,
    EMPTY_DIRECTORY
  }

  private Target make(Path to) throws IOException {
    try {
      host.provider().createDirectory(to);
      return Target.MADE;
    } catch (FileAlreadyExistsException e) {
      if (!entries(to).isEmpty()) {
        throw new DirectoryNotEmptyException(to.toString());
      }
      return Target.EMPTY_DIRECTORY;
    }
  }

  private void moveEntry(Path from, Path to) throws IOException {
    if (host.provider().readAttributes(from, BasicFileAttributes.class).isDirectory()) {
      move(from, to);
    } else {
      host.provider().move(from, to);
    }
  }

  private void moveBack(Path from, Path to, List<Path> moved, Target target) throws IOException {
    for (Path name : moved) {
      moveEntry(to.resolve(name), from.resolve(name));
    }
    if (target == Target.MADE) {
      host.provider().delete(to);
    }
  }

  private void permissions(Path from, Path to) throws IOException {
    if (host.hasView("posix")) {
      PosixFileAttributes attributes =
          host.provider().readAttributes(from, PosixFileAttributes.class);
      host.provider()
          .getFileAttributeView(to, PosixFileAttributeView.class)
          .setPermissions(attributes.permissions());
    }
  }

  private void times(Path to, BasicFileAttributes attributes) throws IOException {
    BasicFileAttributeView view =
        host.provider().getFileAttributeView(to, BasicFileAttributeView.class);
    // What there is no key for is known by its time of creation.
    view.setTimes(attributes.lastModifiedTime(), null, attributes.creationTime());
  }

  private List<Path> entries(Path dir) throws IOException {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = host.provider().newDirectoryStream(dir, entry -> true)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return entries;
  }
}
