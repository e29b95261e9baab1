package dev.safefs.portable;

import dev.safefs.handle.AcrossEngines;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Kept;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import dev.safefs.request.Reflink;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/**
 * A file of a delegate: a key, and the names it is known by. Each use finds the file under one of
 * them and compares keys before and after. <i>Races:</i> detected; a file that another process
 * renamed is not found any more. A channel, once open, stays on its file.
 */
final class DelegateFile implements FileHandle {
  private final Host host;
  private final Location location;
  private final Stat opened;
  private final String display;
  private final Optional<Content> content;

  /** The mode that it is to have once it is written, where it could not be written with it. */
  private Optional<Integer> settled = Optional.empty();

  private DelegateFile(
      Host host, Location location, Stat opened, String display, Optional<Content> content) {
    this.host = host;
    this.location = location;
    this.opened = opened;
    this.display = display;
    this.content = content;
  }

  /** Takes over a directory that holds a name. */
  static DelegateFile named(Host host, HeldDir dir, Name name, Stat stat, String display) {
    return new DelegateFile(
        host, Location.of(host, dir, name, stat), stat, display, Optional.empty());
  }

  /** Takes over a directory that holds a name, and a channel on the file. */
  static DelegateFile open(
      Host host, HeldDir dir, Name name, Stat stat, String display, FileChannel channel) {
    Location location = Location.of(host, dir, name, stat);
    Content content = Content.of(host, location, channel);
    return new DelegateFile(host, location, stat, display, Optional.of(content));
  }

  /** Takes over a directory that holds a name whose content cannot be synced. */
  static DelegateFile unsynced(Host host, HeldDir dir, Name name, Stat stat, String display) {
    Location location = Location.of(host, dir, name, stat);
    Content content = Content.unsynced(host, location, stat.type(), display);
    return new DelegateFile(host, location, stat, display, Optional.of(content));
  }

  /** Takes over a directory itself. */
  static DelegateFile directory(Host host, HeldDir dir, String display) throws IOException {
    try {
      Location location = Location.itself(host, dir);
      Stat stat = location.stat().orElseThrow(() -> new NoSuchFileException(display));
      return new DelegateFile(host, location, stat, display, Optional.empty());
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(dir, e);
      throw e;
    }
  }

  Host host() {
    return host;
  }

  Node node() {
    return location.node();
  }

  FileType type() {
    return opened.type();
  }

  /** Returns a path that leads to the file now, empty if none is known. */
  Optional<Path> currentPath() throws IOException {
    return location.currentPath();
  }

  /**
   * Reads the attributes; those it had when it was opened, and no link, where no name is known any
   * more.
   */
  @Override
  public Stat stat() throws IOException {
    return Failures.shown(display, () -> location.stat().orElseGet(() -> opened.withLinkCount(0)));
  }

  @Override
  public FileHandle reopen(Access access) throws IOException {
    return Failures.shown(
        display,
        () -> {
          if (type() == FileType.DIRECTORY) {
            if (access != Access.READ) {
              throw new FileSystemException(display, null, "Is a directory");
            }
            return new DelegateFile(host, location.share(), opened, display, Optional.empty());
          }
          FileChannel channel = open(Opening.options(access));
          try {
            Location shared = location.share();
            Content content = Content.of(host, shared, channel);
            return new DelegateFile(host, shared, opened, display, Optional.of(content));
          } catch (RuntimeException | Error e) {
            Failures.close(channel, e);
            throw e;
          }
        });
  }

  @Override
  public FileChannel channel(Set<? extends OpenOption> options) throws IOException {
    return Failures.shown(display, () -> open(options));
  }

  @Override
  public AsynchronousFileChannel asynchronousChannel(
      Set<? extends OpenOption> options, Optional<ExecutorService> executor) throws IOException {
    return Failures.shown(
        display,
        () -> at(where -> new Opening(host, type(), options).asynchronous(where, executor)));
  }

  @Override
  public <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    return new HandleViews(this).view(type);
  }

  @Override
  public Map<String, Object> readAttributes(String attributes) throws IOException {
    requireView(attributes);
    return Failures.shown(
        display,
        () ->
            at(
                where ->
                    where.byPath(
                        path ->
                            host.provider()
                                .readAttributes(path, attributes, LinkOption.NOFOLLOW_LINKS))));
  }

  @Override
  public void setAttribute(String attribute, Object value) throws IOException {
    requireView(attribute);
    change(
        where ->
            where.byPath(
                path -> {
                  host.provider().setAttribute(path, attribute, value, LinkOption.NOFOLLOW_LINKS);
                  return path;
                }));
  }

  @Override
  public void setMode(int mode) throws IOException {
    if (type() == FileType.SYMLINK) {
      throw new FileSystemException(
          display, null, "symbolic links have no permissions of their own");
    }
    boolean waits = content.isPresent() && host.traits().contains(Trait.CHECKS_EACH_WRITE);
    settled = waits ? Optional.of(mode) : Optional.empty();
    change(where -> Permissions.set(host, where, waits ? mode | Permissions.OWNER_WRITE : mode));
  }

  @Override
  public void setOwner(int owner, int group) throws IOException {
    new Ownership(host, this).set(owner, group);
  }

  @Override
  public void setTimes(Instant accessed, Instant modified) throws IOException {
    Optional<BasicFileAttributeView> view = view(BasicFileAttributeView.class);
    if (view.isPresent()) {
      view.get().setTimes(FileTime.from(modified), FileTime.from(accessed), null);
    }
  }

  @Override
  public boolean knowsOwner(Stat stat) {
    return host.procfs().hasUser(stat.owner()) && host.procfs().hasGroup(stat.group());
  }

  @Override
  public boolean sharesEngineWith(FileHandle other) {
    return other instanceof DelegateFile that && that.host == host;
  }

  @Override
  public Kept copyExtendedAttributesTo(FileHandle target) throws IOException {
    if (target instanceof DelegateFile ours && sharesEngineWith(ours)) {
      new ExtendedAttributes(host, this, ours).copy();
    } else {
      AcrossEngines.copyUserAttributes(this, target);
    }
    return Kept.FOR_GOOD;
  }

  @Override
  public void checkAccess(AccessMode... modes) throws IOException {
    change(
        where -> {
          if (type() != FileType.SYMLINK) {
            where.byPath(
                path -> {
                  host.provider().checkAccess(path, modes);
                  return path;
                });
          }
        });
  }

  @Override
  public void copyContentTo(FileHandle target, CopyMonitor monitor) throws IOException {
    if (target instanceof DelegateFile ours && sharesEngineWith(ours)) {
      Content from = content();
      Content to = ours.content();
      Failures.run(display, () -> from.copyTo(to, monitor));
    } else {
      AcrossEngines.copyContent(this, target, Reflink.AUTO, monitor);
    }
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    Content sized = content();
    Failures.run(display, () -> sized.setSize(sizeBytes));
  }

  @Override
  public boolean mayBeSynced() {
    return content.filter(Content::isLate).isEmpty();
  }

  @Override
  public void sync(SyncScope scope) throws IOException {
    if (type() == FileType.DIRECTORY) {
      location.syncDirectory(display);
      return;
    }
    Content synced = content();
    Failures.run(display, () -> synced.force(scope));
  }

  /**
   * Empty: the JDK's file locks are those of the whole process, and only for files open for
   * writing.
   */
  @Override
  public Optional<Closeable> tryLock() {
    return Optional.empty();
  }

  @Override
  public String readLink() throws IOException {
    if (type() != FileType.SYMLINK) {
      throw new NotLinkException(display);
    }
    return Failures.shown(
        display,
        () -> host.names().text(at(where -> where.byPath(host.provider()::readSymbolicLink))));
  }

  @Override
  public FileStore fileStore() throws IOException {
    return Failures.shown(
        display,
        () ->
            at(
                where ->
                    type() == FileType.SYMLINK
                        ? where.dir().byPath(host.provider()::getFileStore)
                        : where.byPath(host.provider()::getFileStore)));
  }

  @Override
  public WatchKey register(
      WatchService service, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers)
      throws IOException {
    return Failures.shown(
        display, () -> at(where -> where.byPath(path -> path.register(service, kinds, modifiers))));
  }

  @Override
  public String display() {
    return display;
  }

  @Override
  public void close() throws IOException {
    try {
      if (content.isPresent()) {
        Failures.run(display, content.get()::close);
      }
      if (settled.isPresent()) {
        int mode = settled.get();
        settled = Optional.empty();
        settle(mode);
      }
    } finally {
      location.close();
    }
  }

  /** Returns the delegate's view of what has a path, empty if it has none. */
  <V extends FileAttributeView> Optional<V> viewOf(Path path, Class<V> type) {
    return Optional.ofNullable(
        host.provider().getFileAttributeView(path, type, LinkOption.NOFOLLOW_LINKS));
  }

  private void settle(int mode) throws IOException {
    try {
      change(where -> Permissions.set(host, where, mode));
    } catch (NoSuchFileException e) {
      // It was abandoned.
      return;
    }
  }

  /** Does something where the file is, and checks that it still is there. */
  <T> T at(Action<T> action) throws IOException {
    return location.at(action);
  }

  /** Changes something where the file is, as {@link #at} does. */
  void change(Change change) throws IOException {
    Failures.run(
        display,
        () ->
            at(
                where -> {
                  change.make(where);
                  return where;
                }));
  }

  /** Something done where a file is. */
  @FunctionalInterface
  interface Action<T> {
    T on(Where where) throws IOException;
  }

  /** Something done where a file is that returns nothing. */
  @FunctionalInterface
  interface Change {
    void make(Where where) throws IOException;
  }

  private FileChannel open(Set<? extends OpenOption> options) throws IOException {
    return at(where -> new Opening(host, type(), options).channel(where, display));
  }

  private Content content() throws IOException {
    return content.orElseThrow(
        () -> new FileSystemException(display, null, "not open for its content"));
  }

  private void requireView(String attributes) {
    int colon = attributes.indexOf(':');
    String view = colon < 0 ? "basic" : attributes.substring(0, colon);
    if (!host.hasView(view)) {
      throw new UnsupportedOperationException("View '" + view + "' not available");
    }
  }
}
