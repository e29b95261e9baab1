package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import dev.safefs.request.Creation;
import dev.safefs.request.LinkMode;
import dev.safefs.request.OpenFlag;
import dev.safefs.request.OpenRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Opens files that are read, or changed at once. Promise W5: the file is pinned, its type checked,
 * and the channel opened on what was checked. Promise W6 if the call asks for it: each write goes
 * through to the disk, open(2), {@code O_SYNC}; what truncates or creates is synced at once.
 */
final class InPlace<C extends Channel> {
  private static final int DEFAULT_MODE = 0666;
  private static final int OWNER_READ_WRITE = 0600;

  private final Place place;
  private final OpenRequest request;
  private final Connector<C> connector;

  InPlace(Place place, OpenRequest request, Connector<C> connector) {
    this.place = place;
    this.request = request;
    this.connector = connector;
  }

  /** Opens a file that must exist. */
  C existing() throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      FileHandle file = scope.add(place.open(request.links()));
      Stat stat = FileTypes.refuse(file, place, request);
      C channel = scope.add(connectExisting(file));
      connector.opened(stat);
      file.close();
      scope.release();
      return channel;
    }
  }

  /** Opens a file for writing, and creates it if asked. */
  C write() throws IOException {
    if (request.creation() == Creation.OPEN_EXISTING) {
      return existing();
    }
    FileTypes.refuseNameless(place, request);
    if (request.creation() == Creation.CREATE_NEW) {
      return atLast(LinkMode.NOFOLLOW, this::createdNew);
    }
    return atLast(
        request.links(),
        target -> target.file().isPresent() ? found(target) : created(target.parent()));
  }

  /**
   * Opens a file that loses its name at once, {@code DELETE_ON_CLOSE}. A new one never has a name
   * where the mount has files without one.
   */
  C temporary() throws IOException {
    if (!place.route().hasName() && request.access() == Access.READ) {
      return existing();
    }
    FileTypes.refuseNameless(place, request);
    return atLast(
        LinkMode.NOFOLLOW,
        target -> target.file().isPresent() ? taken(target) : nameless(target.parent()));
  }

  /** What is done at the end of the path. Empty if it has to be looked at again. */
  @FunctionalInterface
  private interface Attempt<C> {
    Optional<C> at(Followed target) throws IOException;
  }

  /** Looks at the end of the path until an attempt finds it as it was looked at. */
  private C atLast(LinkMode links, Attempt<C> attempt) throws IOException {
    Tries tries = new Tries(place::display);
    while (tries.next()) {
      try (Cleanup.Scope scope = new Cleanup.Scope()) {
        Followed target = scope.add(Resolver.find(place, links));
        Optional<C> channel = attempt.at(target);
        if (channel.isPresent()) {
          scope.add(channel.get());
          target.close();
          scope.release();
          return channel.get();
        }
      }
    }
    throw new RaceDetectedException(
        place.display(), null, "created and removed by others in each of " + tries);
  }

  /** Opens the channel on a file that existed before. */
  C connectExisting(FileHandle file) throws IOException {
    return connectExisting(file, Set.of());
  }

  private C connectExisting(FileHandle file, Set<OpenOption> more) throws IOException {
    Set<OpenOption> options = options(more);
    if (request.flags().contains(OpenFlag.TRUNCATE)) {
      options.add(StandardOpenOption.TRUNCATE_EXISTING);
    }
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      C channel = scope.add(connector.connect(file, options));
      if (request.flags().contains(OpenFlag.TRUNCATE) && writesThrough()) {
        syncTruncated(file);
      }
      scope.release();
      return channel;
    }
  }

  /** Truncating is no write that {@code O_SYNC} is about; open(2). */
  private static void syncTruncated(FileHandle file) throws IOException {
    if (file.stat().type() == FileType.REGULAR) {
      try (FileHandle writable = file.reopen(Access.WRITE)) {
        writable.sync(SyncScope.CONTENT_AND_ATTRIBUTES);
      }
    }
  }

  /** Returns what a channel is opened with. */
  private Set<OpenOption> options(Set<OpenOption> more) {
    Set<OpenOption> options = new LinkedHashSet<>(request.channelOptions());
    options.addAll(more);
    if (writesThrough()) {
      options.add(StandardOpenOption.SYNC);
    }
    return options;
  }

  /** Tells whether each write is synced. Nothing is of a file that is deleted on close. */
  private boolean writesThrough() {
    return request.flags().contains(OpenFlag.DURABLE)
        && !request.flags().contains(OpenFlag.DELETE_ON_CLOSE);
  }

  private Optional<C> found(Followed target) throws IOException {
    FileTypes.refuse(target, place, request);
    C channel = connectExisting(target.file().orElseThrow());
    connector.opened(target.stat());
    return Optional.of(channel);
  }

  private Optional<C> createdNew(Followed target) throws IOException {
    Optional<C> channel = target.file().isPresent() ? Optional.empty() : created(target.parent());
    if (channel.isEmpty()) {
      throw new FileAlreadyExistsException(place.display());
    }
    return channel;
  }

  /** A file that was created and is removed again by closing this. */
  private static final class Creating implements Closeable {
    private final ParentRef at;
    private final FileHandle file;
    private Optional<Stat> stat = Optional.empty();

    Creating(ParentRef at, FileHandle file) {
      this.at = at;
      this.file = file;
    }

    /** Remembers which file it is, for when its handle is closed. */
    void look() throws IOException {
      stat = Optional.of(file.stat());
    }

    @Override
    public void close() throws IOException {
      if (stat.isEmpty()) {
        look();
      }
      Cleanup.twice(() -> Quarantine.removeIfSame(at, stat.orElseThrow()));
    }
  }

  /** What is done to a file once it is open. */
  @FunctionalInterface
  private interface Last {
    void step(FileHandle file) throws IOException;
  }

  /** Creates a file that keeps its name, which is made durable as that of a directory is. */
  private Optional<C> created(ParentRef at) throws IOException {
    return created(
        at,
        Set.of(),
        file -> {
          if (request.durability() == Durability.FILE_AND_NAME) {
            NameSync.orTakenBack(at.dir(), place);
          }
        });
  }

  /** Creates the file. Empty if the name is taken. Leaves nothing if it cannot be opened then. */
  private Optional<C> created(ParentRef at, Set<OpenOption> more, Last last) throws IOException {
    Optional<FileHandle> created = at.dir().create(at.name(), mode());
    if (created.isEmpty()) {
      return Optional.empty();
    }
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      FileHandle file = scope.add(created.get());
      Creating creating = scope.add(new Creating(at, file));
      creating.look();
      C channel = scope.add(connectNew(file, more));
      creating.stat.ifPresent(connector::opened);
      last.step(file);
      file.close();
      scope.release();
      return Optional.of(channel);
    }
  }

  private Optional<C> taken(Followed target) throws IOException {
    if (request.creation() == Creation.CREATE_NEW) {
      throw new FileAlreadyExistsException(place.display());
    }
    FileHandle file = target.file().orElseThrow();
    Stat stat = FileTypes.refuse(target, place, request);
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      C channel = scope.add(connectExisting(file, removal(target.parent())));
      removeName(target.parent(), stat);
      scope.release();
      return Optional.of(channel);
    }
  }

  private Optional<C> nameless(ParentRef at) throws IOException {
    if (request.creation() == Creation.OPEN_EXISTING) {
      throw new NoSuchFileException(place.display());
    }
    Optional<FileHandle> anonymous = at.dir().anonymous(mode());
    if (anonymous.isEmpty()) {
      return created(at, removal(at), file -> removeName(at, file.stat()));
    }
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      FileHandle file = scope.add(anonymous.get());
      C channel = scope.add(connectNew(file, Set.of()));
      file.close();
      scope.release();
      return Optional.of(channel);
    }
  }

  /** Returns the options with which a channel removes a name that cannot go while it is open. */
  private static Set<OpenOption> removal(ParentRef at) {
    return at.dir().capabilities().mayHave(Capability.UNLINK_OPEN)
        ? Set.of()
        : Set.of(StandardOpenOption.DELETE_ON_CLOSE);
  }

  /**
   * Removes the name if it still is the open file's. The JDK goes on without a word where it
   * cannot.
   */
  private void removeName(ParentRef at, Stat stat) throws IOException {
    if (stat.type() == FileType.DIRECTORY
        || !at.dir().capabilities().mayHave(Capability.UNLINK_OPEN)) {
      return;
    }
    try {
      Quarantine.removeOpen(at, stat);
    } catch (IOException e) {
      Downgrade.accept(place.config().strictness(), place.display(), "D1 (DELETE_ON_CLOSE)", e);
    }
  }

  /**
   * Opens the channel on a file that was just created. Opening a handle again asks its permissions,
   * which a mode such as 0400, or a umask, may not give its owner.
   */
  private C connectNew(FileHandle file, Set<OpenOption> more) throws IOException {
    Set<OpenOption> options = options(more);
    try {
      return connector.connect(file, options);
    } catch (AccessDeniedException e) {
      int mode = file.stat().mode();
      if ((mode & OWNER_READ_WRITE) == OWNER_READ_WRITE) {
        throw e;
      }
      file.setMode(mode | OWNER_READ_WRITE);
      try (Cleanup.Scope scope = new Cleanup.Scope()) {
        C channel = scope.add(connector.connect(file, options));
        file.setMode(mode);
        scope.release();
        return channel;
      }
    }
  }

  private int mode() {
    return request.attributes().mode().orElse(DEFAULT_MODE);
  }
}
