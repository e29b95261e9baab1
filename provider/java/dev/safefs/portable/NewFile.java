package dev.safefs.portable;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
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

/**
 * A file that is created in a directory.
 *
 * @param host the delegate
 * @param dir the directory, not owned
 * @param name one that was checked
 * @param display the user's path
 */
record NewFile(Host host, HeldDir dir, Name name, String display) {
  private static final Set<OpenOption> READ_AND_WRITE =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

  private static final Set<OpenOption> WRITE =
      Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);

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
      if (!(e instanceof RaceDetectedException)) {
        Failures.close(this::takeBack, e);
      }
      throw e;
    }
  }

  private FileHandle atOnce(int mode, FileChannel made) throws IOException {
    if (host.traits().contains(Trait.ZIP)) {
      return opened(mode, shown(made));
    }
    host.capabilities().createdAtOnce();
    return opened(mode, made);
  }

  private FileHandle opened(int mode, FileChannel channel) throws IOException {
    try {
      Stat stat = begun();
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
    made.close();
    Stat stat = begun();
    return restricted(mode, stat, DelegateFile.unsynced(host, dir.share(), name, stat, display));
  }

  /** Looks at it, as it is to be written. */
  private Stat begun() throws IOException {
    Optional<Stat> seen = Failures.withSecondTry(() -> dir.look(name));
    Stat first = seen.orElseThrow(() -> Failures.race("removed while it was created"));
    Node node = host.nodes().seen(WeakKey.inUse(first), dir.node(), name);
    node.beginsWriting();
    return host.known(first, node);
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

  /** Removes it, as long as nobody has written to what has its name. */
  private void takeBack() throws IOException {
    Optional<Stat> there = Failures.withSecondTry(() -> dir.look(name));
    if (there.isPresent()
        && there.get().type() == FileType.REGULAR
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
  private FileChannel shown(FileChannel made) throws IOException {
    made.close();
    Set<OpenOption> write = Set.of(StandardOpenOption.WRITE);
    return Opening.file(host, dir.open(name, write), write, display);
  }

  private FileAttribute<?>[] initial(int mode) {
    int writable =
        host.traits().contains(Trait.CHECKS_EACH_WRITE) ? mode | Permissions.OWNER_WRITE : mode;
    return Permissions.initial(host, writable, Permissions.OPEN_FILE);
  }
}
