package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A directory known by its path and its key, which are compared before and after each use.
 * <i>Races:</i> detected. One that is exchanged after the first comparison and put back before the
 * second is not seen.
 */
final class PathDir implements HeldDir {
  private static final Set<OpenOption> CHANGING =
      Set.of(
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.DELETE_ON_CLOSE);

  private final Host host;
  private final Node node;

  PathDir(Host host, Node node) {
    this.host = host;
    this.node = node;
  }

  @Override
  public Node node() {
    return node;
  }

  @Override
  public Optional<Stat> look(Name name) throws IOException {
    Optional<Stat> stat = byPath(dir -> look(host, dir.resolve(host.names().path(name))));
    return stat.map(seen -> host.seen(seen, node, name));
  }

  @Override
  public HeldDir enter(Name name) throws IOException {
    return byPath(dir -> host.child(node, name, dir.resolve(host.names().path(name))));
  }

  @Override
  public SeekableByteChannel open(
      Name name, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return byPath(dir -> open(host, dir.resolve(host.names().path(name)), options, attributes));
  }

  @Override
  public void unlink(Name name) throws IOException {
    delete(name);
  }

  @Override
  public void rmdir(Name name) throws IOException {
    delete(name);
  }

  @Override
  public void replace(Name name, HeldDir target, Name newName) throws IOException {
    replaceByPath(host, this, name, target, newName);
  }

  @Override
  public void moveExclusively(Name name, HeldDir target, Name newName) throws IOException {
    moveByPath(host, this, name, target, newName);
  }

  @Override
  public <V extends FileAttributeView> Optional<V> view(Name name, Class<V> type) {
    Path path = node.path(host.names()).resolve(host.names().path(name));
    return Optional.ofNullable(
        host.provider().getFileAttributeView(path, type, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    Path path = node.path(host.names());
    return Optional.ofNullable(
        host.provider().getFileAttributeView(path, type, LinkOption.NOFOLLOW_LINKS));
  }

  @Override
  public Entries list() throws IOException {
    return byPath(
        dir -> {
          DirectoryStream<Path> stream = host.provider().newDirectoryStream(dir, entry -> true);
          return Entries.of(stream);
        });
  }

  @Override
  public <T> T byPath(PathCall<T> call) throws IOException {
    return byPath(host, node, call);
  }

  @Override
  public HeldDir share() {
    return this;
  }

  @Override
  public void close() {}

  private void delete(Name name) throws IOException {
    byPath(
        dir -> {
          host.patience().run(() -> host.provider().delete(dir.resolve(host.names().path(name))));
          return name;
        });
  }

  static Optional<Stat> look(Host host, Path path) throws IOException {
    try {
      return Optional.of(host.stats().read(path));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Opens a file channel, or, where the delegate has none, what it has. */
  static SeekableByteChannel open(
      Host host, Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    try {
      return open(host, options, all -> host.provider().newFileChannel(path, all, attributes));
    } catch (UnsupportedOperationException e) {
      return byteChannel(host, path, options, e, attributes);
    }
  }

  private static SeekableByteChannel byteChannel(
      Host host,
      Path path,
      Set<? extends OpenOption> options,
      UnsupportedOperationException noFileChannel,
      FileAttribute<?>... attributes)
      throws IOException {
    try {
      return open(host, options, all -> host.provider().newByteChannel(path, all, attributes));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      noFileChannel.addSuppressed(e);
      throw noFileChannel;
    }
  }

  /** A call of the delegate's that opens a channel. */
  @FunctionalInterface
  private interface Opener<C> {
    C open(Set<? extends OpenOption> options) throws IOException;
  }

  private static <C> C open(Host host, Set<? extends OpenOption> options, Opener<C> opener)
      throws IOException {
    Set<OpenOption> unfollowed = unfollowed(host, options);
    try {
      return host.patience().call(() -> opener.open(unfollowed));
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      if (!unfollowed.contains(LinkOption.NOFOLLOW_LINKS) || !isHarmless(options)) {
        throw e;
      }
      C channel = opener.open(options);
      // It was that option, and no other one: this call had all others.
      host.capabilities().refusesNoFollow();
      return channel;
    }
  }

  /**
   * Returns options with which a link at the end of a path is not followed. A delegate that does
   * not know the option, as sshd-sftp's, follows one that takes the place of the file meanwhile,
   * which is looked at before and after: only what changes nothing until then is opened so.
   */
  static Set<OpenOption> unfollowed(Host host, Set<? extends OpenOption> options) {
    Set<OpenOption> unfollowed = new HashSet<>(options);
    boolean isSafe = host.traits().contains(Trait.ZIP) || isHarmless(options);
    if (host.capabilities().mayRefuseToFollow() || !isSafe) {
      unfollowed.add(LinkOption.NOFOLLOW_LINKS);
    }
    return unfollowed;
  }

  /** Tells whether to open something changes nothing but what the call itself makes. */
  private static boolean isHarmless(Set<? extends OpenOption> options) {
    return !options.contains(LinkOption.NOFOLLOW_LINKS) && Collections.disjoint(options, CHANGING);
  }

  /** See {@link HeldDir#byPath}. */
  static <T> T byPath(Host host, Node node, PathCall<T> call) throws IOException {
    Path path = node.path(host.names());
    Optional<Stat> before = look(host, path);
    if (before.isEmpty()) {
      throw new NoSuchFileException("");
    }
    if (!isHere(before, node)) {
      throw before.get().type() == FileType.DIRECTORY
          ? Failures.race("another directory has the path of the one in use")
          : new NotDirectoryException("");
    }
    T result = call.on(path);
    return Failures.checked(
        result,
        () -> isHere(look(host, path), node),
        "the directory was exchanged or removed while it was used");
  }

  private static boolean isHere(Optional<Stat> stat, Node node) {
    return stat.isPresent() && !node.isGone() && WeakKey.inUse(stat.get()).equals(node.key());
  }

  static void replaceByPath(Host host, HeldDir source, Name name, HeldDir target, Name newName)
      throws IOException {
    moveByPath(
        host,
        source,
        name,
        target,
        newName,
        (from, to) -> {
          try {
            host.provider()
                .move(
                    from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
          } catch (UnsupportedOperationException e) {
            throw new NonAtomicException();
          } catch (AtomicMoveNotSupportedException e) {
            if (!host.provider()
                .getFileStore(from)
                .equals(host.provider().getFileStore(to.getParent()))) {
              throw e;
            }
            throw new NonAtomicException();
          }
        });
  }

  /** Replaces by two steps of the delegate, between which the name is missing. */
  static void replaceWithGap(Host host, HeldDir source, Name name, HeldDir target, Name newName)
      throws IOException {
    moveByPath(
        host,
        source,
        name,
        target,
        newName,
        (from, to) -> host.provider().move(from, to, StandardCopyOption.REPLACE_EXISTING));
  }

  static void moveByPath(Host host, HeldDir source, Name name, HeldDir target, Name newName)
      throws IOException {
    moveByPath(host, source, name, target, newName, (from, to) -> host.provider().move(from, to));
  }

  /** A move of the delegate's. */
  @FunctionalInterface
  private interface Move {
    void make(Path from, Path to) throws IOException;
  }

  private static void moveByPath(
      Host host, HeldDir source, Name name, HeldDir target, Name newName, Move move)
      throws IOException {
    source.byPath(
        from ->
            target.byPath(
                to -> {
                  Path old = from.resolve(host.names().path(name));
                  Path fresh = to.resolve(host.names().path(newName));
                  host.patience().run(() -> move.make(old, fresh));
                  return name;
                }));
  }
}
