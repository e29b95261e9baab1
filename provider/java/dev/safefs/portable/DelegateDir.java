package dev.safefs.portable;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.AcrossEngines;
import dev.safefs.handle.Capabilities;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Shown;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A directory of a delegate, by the primitives that it offers: {@link StreamDir} or {@link
 * PathDir}.
 */
final class DelegateDir implements Dir {
  private final Host host;
  private final HeldDir dir;
  private final Shown shown;
  private final MountBoundary mounts;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  /** Takes over a directory. */
  DelegateDir(Host host, HeldDir dir, Shown shown, MountBoundary mounts) {
    this.host = host;
    this.dir = dir;
    this.shown = shown;
    this.mounts = mounts;
  }

  HeldDir held() {
    return dir;
  }

  @Override
  public Optional<Stat> stat(Name name) throws IOException {
    return Failures.shown(display(name), () -> look(name));
  }

  @Override
  public Optional<FileHandle> find(Name name) throws IOException {
    return Failures.shown(
        display(name),
        () ->
            look(name)
                .map(stat -> DelegateFile.named(host, dir.share(), name, stat, display(name))));
  }

  @Override
  public Dir openDir(Name name) throws IOException {
    return Failures.shown(
        display(name),
        () -> {
          if (look(name).isEmpty()) {
            throw new NoSuchFileException(name.text());
          }
          return new DelegateDir(host, dir.enter(name), Shown.directory(display(name)), mounts);
        });
  }

  @Override
  public FileHandle self() throws IOException {
    return Failures.shown(
        shown.dir(), () -> DelegateFile.directory(host, dir.share(), shown.dir()));
  }

  @Override
  public Optional<FileHandle> create(Name name, int mode) throws IOException {
    return Failures.shown(
        display(name),
        () -> {
          NewFile file = new NewFile(host, dir, host.names().checked(name), display(name));
          try {
            return Optional.of(file.create(mode));
          } catch (FileAlreadyExistsException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public Optional<FileHandle> anonymous(int mode) {
    return Optional.empty();
  }

  @Override
  public CreateResult mkdir(Name name, int mode) throws IOException {
    return made(
        name,
        path ->
            host.provider()
                .createDirectory(
                    path, Permissions.initial(host, mode, Permissions.OPEN_DIRECTORY)));
  }

  @Override
  public CreateResult symlink(String target, Name name) throws IOException {
    return made(name, path -> host.provider().createSymbolicLink(path, host.names().raw(target)));
  }

  @Override
  public CreateResult mknod(Name name, Stat like) throws IOException {
    return stat(name).isPresent() ? CreateResult.EXISTS : CreateResult.UNSUPPORTED;
  }

  @Override
  public CreateResult link(FileHandle file, Name name) throws IOException {
    return file instanceof DelegateFile ours && host.sharesFileSystemWith(ours.host())
        ? Failures.shown(
            display(name), () -> new HardLink(host, dir, host.names().checked(name)).to(ours))
        : AcrossEngines.link(this, name);
  }

  @Override
  public CreateResult linkName(Name existing, Dir target, Name newName) throws IOException {
    Optional<FileHandle> found = find(existing);
    if (found.isEmpty()) {
      return CreateResult.SOURCE_GONE;
    }
    try (FileHandle file = found.get()) {
      return target.link(file, newName);
    }
  }

  @Override
  public RenameResult rename(Name name, Dir target, Name newName, Replace replace)
      throws IOException {
    if (!(target instanceof DelegateDir ours) || !host.sharesFileSystemWith(ours.host)) {
      return RenameResult.CROSS_DEVICE;
    }
    HeldDir other = ours.dir;
    return Failures.shown(
        display(name),
        () -> {
          Node.Spot from = new Node.Spot(dir.node(), host.names().checked(name));
          return new Rename(
                  host,
                  dir,
                  from,
                  other,
                  new Node.Spot(other.node(), host.names().checked(newName)),
                  target.display(newName))
              .run(replace);
        });
  }

  @Override
  public RemoveResult unlink(Name name) throws IOException {
    return Failures.shown(
        display(name),
        () -> {
          Optional<Stat> stat = look(name);
          if (stat.isEmpty()) {
            return RemoveResult.ABSENT;
          }
          if (stat.get().type() == FileType.DIRECTORY) {
            return RemoveResult.IS_DIRECTORY;
          }
          return removed(
              () -> unlink(name, stat.get()), name, FileType.DIRECTORY, RemoveResult.IS_DIRECTORY);
        });
  }

  @Override
  public RemoveResult rmdir(Name name) throws IOException {
    return Failures.shown(
        display(name),
        () -> {
          Optional<Stat> stat = look(name);
          if (stat.isEmpty()) {
            return RemoveResult.ABSENT;
          }
          if (stat.get().type() != FileType.DIRECTORY) {
            return RemoveResult.NOT_DIRECTORY;
          }
          return removed(() -> dir.rmdir(name), name, FileType.REGULAR, RemoveResult.NOT_DIRECTORY);
        });
  }

  @Override
  public Listing list() throws IOException {
    HeldDir.Entries entries = Failures.shown(shown.dir(), dir::list);
    return new Listing() {
      @Override
      public Optional<Entry> next() throws IOException {
        return Failures.shown(shown.dir(), () -> DelegateDir.this.next(entries));
      }

      @Override
      public void close() {
        try {
          entries.close();
        } catch (IOException e) {
          // What was listed was listed; nothing is written through a listing.
          return;
        }
      }
    };
  }

  @Override
  public void sync() throws IOException {
    Failures.run(shown.dir(), () -> sync(host, dir, shown.dir()));
  }

  @Override
  public Capabilities capabilities() {
    return host.capabilities();
  }

  @Override
  public String display(Name name) {
    return shown.name(name);
  }

  @Override
  public void close() throws IOException {
    if (!isClosed.getAndSet(true)) {
      Failures.run(shown.dir(), dir::close);
    }
  }

  /**
   * Syncs the names of a directory: through a channel on it, which the JDK opens on Unix and not on
   * Windows.
   */
  static void sync(Host host, HeldDir dir, String display) throws IOException {
    if (host.traits().contains(Trait.VOLATILE)) {
      return;
    }
    FileChannel channel;
    try {
      channel =
          dir.byPath(path -> host.provider().newFileChannel(path, Set.of(StandardOpenOption.READ)));
    } catch (FileSystemException | UnsupportedOperationException e) {
      host.capabilities().lacks(Capability.SYNC_NAME);
      throw new GuaranteeUnavailableException(
          display, null, "SYNC_NAME: the delegate opens no channel on directories");
    }
    try (channel) {
      channel.force(true);
    }
  }

  private Optional<Stat> look(Name name) throws IOException {
    Optional<Stat> stat = dir.look(host.names().checked(name));
    if (stat.isPresent()) {
      mounts.check(dir, name, stat.get().type(), display(name));
    }
    return stat;
  }

  private CreateResult made(Name name, Making making) throws IOException {
    return Failures.shown(
        display(name),
        () -> {
          Path relative = host.names().path(host.names().checked(name));
          try {
            dir.byPath(
                path -> {
                  making.at(path.resolve(relative));
                  return relative;
                });
            return CreateResult.CREATED;
          } catch (FileAlreadyExistsException e) {
            return CreateResult.EXISTS;
          } catch (UnsupportedOperationException e) {
            return CreateResult.UNSUPPORTED;
          }
        });
  }

  /** Makes something at a path. */
  @FunctionalInterface
  private interface Making {
    void at(Path path) throws IOException;
  }

  private RemoveResult removed(
      Failures.Step removal, Name name, FileType other, RemoveResult ifOther) throws IOException {
    try {
      removal.make();
      host.nodes().removed(new Node.Spot(dir.node(), name));
      return RemoveResult.REMOVED;
    } catch (NoSuchFileException e) {
      return RemoveResult.ABSENT;
    } catch (DirectoryNotEmptyException e) {
      return RemoveResult.NOT_EMPTY;
    } catch (NotDirectoryException e) {
      return RemoveResult.NOT_DIRECTORY;
    } catch (FileSystemException e) {
      Optional<Stat> now = dir.look(name);
      if (now.isEmpty()) {
        return RemoveResult.ABSENT;
      }
      boolean isDirectory = now.get().type() == FileType.DIRECTORY;
      if (isDirectory == (other == FileType.DIRECTORY)) {
        return ifOther;
      }
      throw e;
    }
  }

  /** Removes a file, open or not: memoryfilesystem, as Windows may, removes no open files. */
  private void unlink(Name name, Stat stat) throws IOException {
    try {
      dir.unlink(name);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      if (!host.nodes().seen(WeakKey.inUse(stat), dir.node(), name).closeContents()) {
        throw e;
      }
      dir.unlink(name);
    }
  }

  private Optional<Entry> next(HeldDir.Entries entries) throws IOException {
    try {
      return entries.iterator().hasNext()
          ? Optional.of(new Entry(host.names().name(entries.iterator().next()), FileType.UNKNOWN))
          : Optional.empty();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }
}
