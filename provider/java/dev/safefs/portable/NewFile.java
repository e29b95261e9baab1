package dev.safefs.portable;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Optional;
import java.util.Set;

/** A file that is created in a directory. */
final class NewFile {
  private static final Set<OpenOption> READ_AND_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  private static final Set<OpenOption> WRITE =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  private final Host host;
  private final HeldDir dir;
  private final Name name;
  private final String display;

  /** Empty as long as nobody knows which file it is. */
  private Optional<Stat> begun = Optional.empty();

  /**
   * Takes where it is to be.
   *
   * @param dir the directory, not owned
   * @param name one that was checked
   * @param display the user's path
   */
  NewFile(Host host, HeldDir dir, Name name, String display) {
    this.host = host;
    this.dir = dir;
    this.name = name;
    this.display = display;
  }

  /**
   * Creates it. Jimfs forgets the permissions it is to have.
   *
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken
   */
  FileHandle create(int mode) throws IOException {
    SeekableByteChannel made = open(initial(mode));
    try {
      return made instanceof FileChannel file ? atOnce(mode, file) : unsynced(mode, made);
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(made, e);
      Failures.close(this::takeBack, e);
      throw e;
    }
  }

  private FileHandle atOnce(int mode, FileChannel made) throws IOException {
    if (host.traits().contains(Trait.ZIP)) {
      Stat stat = closed(made);
      return opened(mode, stat, shown());
    }
    host.capabilities().createdAtOnce();
    return opened(mode, begun(), made);
  }

  private FileHandle opened(int mode, Stat stat, FileChannel channel) throws IOException {
    try {
      return restricted(
          mode, stat, DelegateFile.open(host, dir.share(), name, stat, display, channel));
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(channel, e);
      throw e;
    }
  }

  /** Closes what cannot be synced, as it may be seen by then only, and may write once more then. */
  private FileHandle unsynced(int mode, SeekableByteChannel made) throws IOException {
    host.capabilities().createdLate();
    Stat stat = closed(made);
    return restricted(mode, stat, DelegateFile.unsynced(host, dir.share(), name, stat, display));
  }

  private Stat closed(SeekableByteChannel made) throws IOException {
    try {
      made.close();
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(this::begun, e);
      throw e;
    }
    return begun();
  }

  /** Looks at it, as it is to be written. */
  private Stat begun() throws IOException {
    Optional<Stat> seen = Failures.withSecondTry(() -> dir.look(name));
    Stat first = seen.orElseThrow(() -> Failures.race("removed while it was created"));
    Node node = host.nodes().seen(WeakKey.inUse(first), dir.node(), name);
    node.beginsWriting();
    Stat stat = host.known(first, node);
    begun = Optional.of(stat);
    return stat;
  }

  private FileHandle restricted(int mode, Stat stat, FileHandle file) throws IOException {
    if (mode != Permissions.OPEN_FILE && (stat.mode() & ~mode) != 0) {
      try {
        file.setMode(mode);
      } catch (IOException | RuntimeException | Error e) {
        Failures.close(file, e);
        throw e;
      }
    }
    return file;
  }

  /** Removes it, as long as it has its name, and nobody has written to it. Promise D3. */
  private void takeBack() throws IOException {
    Optional<Stat> there = Failures.withSecondTry(() -> dir.look(name));
    if (begun.isPresent()
        && there.filter(begun.get()::isSameFile).isPresent()
        && there.get().sizeBytes() == 0) {
      dir.unlink(name);
    }
  }

  /** Opens it; to be read, too, where the delegate's channels do both. */
  private SeekableByteChannel open(FileAttribute<?>... attributes) throws IOException {
    try {
      return dir.open(name, READ_AND_WRITE, attributes);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      try {
        return dir.open(name, WRITE, attributes);
      } catch (UnsupportedOperationException | IllegalArgumentException again) {
        e.addSuppressed(again);
        throw e;
      }
    }
  }

  /** Returns a channel on what was created that others see, too. */
  private FileChannel shown() throws IOException {
    Set<OpenOption> write = Set.of(StandardOpenOption.WRITE);
    return Opening.file(host, dir.open(name, write), write, display);
  }

  private FileAttribute<?>[] initial(int mode) {
    int writable =
        host.traits().contains(Trait.CHECKS_EACH_WRITE) ? mode | Permissions.OWNER_WRITE : mode;
    return Permissions.initial(host, writable, Permissions.OPEN_FILE);
  }
}
