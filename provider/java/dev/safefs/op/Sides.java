package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.SafeConfig;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Both ends of an operation on two names, with the paths that messages show. Closing it closes both
 * directories, which may be one.
 *
 * @param from the directory and name of the source, owned
 * @param to the directory and name of the target, owned
 * @param source the user's path of the source
 * @param target the user's path of the target
 * @param origin whether the source's name is the user's
 * @param config the settings that hold at the target
 */
record Sides(
    ParentRef from, ParentRef to, String source, String target, Origin origin, SafeConfig config)
    implements AutoCloseable {

  /** Whose name the source has. */
  enum Origin {
    /** A user's, which anybody may change at any time. */
    NAMED,
    /** A staged one, out of reach of others. */
    STAGED
  }

  /**
   * Opens the directories of two places that have names. The names are not looked at. A shared
   * directory is opened once.
   *
   * @throws NoSuchFileException naming the source rather than the target where both are missing, as
   *     the JDK does
   * @throws IOException if a directory cannot be opened
   */
  static Sides open(Place source, Place target) throws IOException {
    ParentRef from = source.anchor().parent(source.route());
    try {
      boolean shared =
          source.anchor() == target.anchor()
              && source.route().parentText().equals(target.route().parentText());
      ParentRef to =
          shared
              ? new ParentRef(from.dir(), target.route().name())
              : openTarget(from, source, target);
      return new Sides(from, to, source.display(), target.display(), Origin.NAMED, target.config());
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(from, e);
      throw e;
    }
  }

  private static ParentRef openTarget(ParentRef from, Place source, Place target)
      throws IOException {
    try {
      return target.anchor().parent(target.route());
    } catch (FileSystemException e) {
      FileSystemException both = UserPath.both(e, source, target);
      if (both != e && from.dir().stat(from.name()).isEmpty()) {
        throw new NoSuchFileException(source.display());
      }
      throw both;
    }
  }

  /** Tells whether something has the target's name that is the given file. */
  boolean targetIs(Stat file) throws IOException {
    Optional<Stat> stat = to.dir().stat(to.name());
    return stat.isPresent() && stat.get().isSameFile(file);
  }

  /**
   * Removes what has the source's name, if that is the pinned file, which is closed before. Nobody
   * else reaches a staged name: whatever has it is what is to be removed.
   */
  Quarantine.Removal removeSource(FileHandle pinned) throws IOException {
    if (origin == Origin.NAMED) {
      return Quarantine.removeIfSame(from, pinned.stat(), pinned::close);
    }
    try {
      return Deleter.remove(from, source) ? Quarantine.Removal.REMOVED : Quarantine.Removal.ABSENT;
    } catch (DirectoryNotEmptyException e) {
      return Quarantine.Removal.NOT_EMPTY;
    }
  }

  /** Returns the failure of a source that does not exist. */
  NoSuchFileException sourceAbsent() {
    return new NoSuchFileException(source);
  }

  /** Makes the names durable that a move changed, if the settings or the call ask for it. */
  void sync(Durability durability) throws IOException {
    if (durability != Durability.FILE_AND_NAME) {
      return;
    }
    NameSync.run(to.dir(), target, config);
    if (!isOneDirectory()) {
      NameSync.run(from.dir(), source, config);
    }
  }

  private boolean isOneDirectory() {
    return from.dir() == to.dir();
  }

  @Override
  public void close() throws IOException {
    Dir other = to.dir();
    try (ParentRef ignored = from) {
      if (!isOneDirectory()) {
        other.close();
      }
    }
  }
}
