package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.ClosedDirectoryStreamException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A directory held open by a secure directory stream. <i>Races:</i> prevented for opening, looking,
 * listing, deleting and renaming. Streams cannot make directories or links, or read links: that is
 * done as {@link PathDir} does it, and detected.
 *
 * <p>Entries of a stream carry the directory's path, which is nothing to act on: only their last
 * component is used.
 */
final class StreamDir implements HeldDir {
  /** How often a file may be exchanged between a look by handle and one by path. */
  private static final int TRIES = 16;

  private final Host host;
  private final Node node;
  private final SecureDirectoryStream<Path> stream;
  private int users = 1;

  StreamDir(Host host, Node node, SecureDirectoryStream<Path> stream) {
    this.host = host;
    this.node = node;
    this.stream = stream;
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public Optional<Stat> look(Name name) throws IOException {
    return read(name).map(seen -> host.seen(seen, node, name));
  }

  private Optional<Stat> read(Name name) throws IOException {
    for (int attempt = 1; ; attempt++) {
      Optional<Stat> seen = byHandle(name);
      if (seen.isEmpty() || !host.hasView("unix")) {
        return seen;
      }
      try {
        return Optional.of(host.stats().enrich(seen.get(), path(name)));
      } catch (IOException e) {
        // By path it is another file, or none: the directory was moved, or the name was given away
        // meanwhile.
        if (attempt == TRIES) {
          return seen;
        }
      }
    }
  }

  private Optional<Stat> byHandle(Name name) throws IOException {
    Path relative = host.names().path(name);
    try {
      PosixFileAttributeView posix =
          stream.getFileAttributeView(
              relative, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (posix != null) {
        PosixFileAttributes attributes = posix.readAttributes();
        return Optional.of(host.stats().of(attributes));
      }
      DosFileAttributeView dos =
          stream.getFileAttributeView(
              relative, DosFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      if (dos != null) {
        return Optional.of(host.stats().of(dos.readAttributes()));
      }
      BasicFileAttributeView basic =
          stream.getFileAttributeView(
              relative, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
      return Optional.of(host.stats().of(basic.readAttributes()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Opens a directory. Looks at it first: the JDK waits on a FIFO here, and since 25 closes a
   * stranger's descriptor.
   */
  @Override
  public HeldDir enter(Name name) throws IOException {
    Optional<Stat> stat = byHandle(name);
    if (stat.isEmpty()) {
      throw new NoSuchFileException(name.text());
    }
    if (stat.get().type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(name.text());
    }
    SecureDirectoryStream<Path> child =
        stream.newDirectoryStream(host.names().path(name), LinkOption.NOFOLLOW_LINKS);
    try {
      BasicFileAttributeView view = child.getFileAttributeView(BasicFileAttributeView.class);
      Object key = WeakKey.inUse(host.stats().of(view.readAttributes()));
      return new StreamDir(host, host.nodes().seen(key, node, name), child);
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(child, e);
      throw e;
    }
  }

  @Override
  public SeekableByteChannel open(
      Name name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Set<OpenOption> unfollowed = new HashSet<>(options);
    unfollowed.add(LinkOption.NOFOLLOW_LINKS);
    return stream.newByteChannel(host.names().path(name), unfollowed, attributes);
  }

  @Override
  public void unlink(Name name) throws IOException {
    stream.deleteFile(host.names().path(name));
  }

  @Override
  public void rmdir(Name name) throws IOException {
    stream.deleteDirectory(host.names().path(name));
  }

  @Override
  public void replace(Name name, HeldDir target, Name newName) throws IOException {
    if (!(target instanceof StreamDir other) || host.traits().contains(Trait.STREAM_MOVE_FOLLOWS)) {
      PathDir.replaceByPath(host, this, name, target, newName);
      return;
    }
    try {
      stream.move(host.names().path(name), other.stream, host.names().path(newName));
    } catch (FileAlreadyExistsException e) {
      // Not every provider's streams replace.
      PathDir.replaceByPath(host, this, name, target, newName);
    }
  }

  @Override
  public void moveExclusively(Name name, HeldDir target, Name newName) throws IOException {
    PathDir.moveByPath(host, this, name, target, newName);
  }

  @Override
  public <V extends FileAttributeView> Optional<V> view(Name name, Class<V> type) {
    V view = stream.getFileAttributeView(host.names().path(name), type, LinkOption.NOFOLLOW_LINKS);
    return view != null
        ? Optional.of(view)
        : Optional.ofNullable(
            host.provider().getFileAttributeView(path(name), type, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    V view = stream.getFileAttributeView(type);
    return view != null
        ? Optional.of(view)
        : Optional.ofNullable(
            host.provider()
                .getFileAttributeView(node.path(host.names()), type, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public Entries list() throws IOException {
    DirectoryStream<Path> listing =
        stream.newDirectoryStream(host.fileSystem().getPath("."), LinkOption.NOFOLLOW_LINKS);
    return Entries.of(listing);
  }

  @Override
  public <T> T byPath(PathCall<T> call) throws IOException {
    return PathDir.byPath(host, node, call);
  }

  @Override
  public synchronized HeldDir share() {
    if (users == 0) {
      throw new ClosedDirectoryStreamException();
    }
    users++;
    return this;
  }

  @Override
  public void close() {
    if (release()) {
      try {
        stream.close();
      } catch (IOException e) {
        // Nothing was written through it, and there is none to close a second time.
        return;
      }
    }
  }

  /** Returns whether that was the last user. */
  private synchronized boolean release() {
    users = Math.max(users - 1, -1);
    return users == 0;
  }

  private Path path(Name name) {
    return node.path(host.names()).resolve(host.names().path(name));
  }
}
