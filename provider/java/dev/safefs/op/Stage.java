package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.Refusal;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A place where a name is prepared before it is renamed to where it is seen. Promise L3.
 *
 * <p>Where others may change the names of the target directory, that place is a private directory
 * in it, held by handle; else it is the target directory itself. Closing it removes what is left
 * there, and the private directory.
 */
final class Stage implements AutoCloseable {
  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int SUPERUSER = 0;

  private final Dir target;
  private final Optional<PrivateDir> room;
  private final List<Name> given = new ArrayList<>();

  private Stage(Dir target, Optional<PrivateDir> room) {
    this.target = target;
    this.room = room;
  }

  /**
   * Opens a stage.
   *
   * @param target the directory of the name that is to be seen; not owned, to stay open as long as
   *     the stage
   * @return to be closed, after the rename too
   * @throws IOException if it is neither safe itself nor a private directory can be made in it
   */
  static Stage open(Dir target) throws IOException {
    Stat stat = target.stat();
    if (isOpenToOthers(stat)
        || (stat.owner() != SUPERUSER && stat.owner() != PrivateDir.ownUser(target))) {
      return inPrivateDir(target, TempNames.Kind.DIRECTORY);
    }
    PrivateDir.requireRemoval(target);
    return new Stage(target, Optional.empty());
  }

  /**
   * Opens a stage for a file that this process has just made.
   *
   * @param target as for {@link #open(Dir)}
   * @param ours the file, whose owner is this process's user
   * @return to be closed, after the rename too
   * @throws IOException as for {@link #open(Dir)}
   */
  static Stage open(Dir target, Stat ours) throws IOException {
    Stat stat = target.stat();
    if (isOpenToOthers(stat) || (stat.owner() != SUPERUSER && stat.owner() != ours.owner())) {
      return inPrivateDir(target, TempNames.Kind.DIRECTORY);
    }
    PrivateDir.requireRemoval(target);
    return new Stage(target, Optional.empty());
  }

  /**
   * Opens a stage that is a private directory in any case.
   *
   * @param target as for {@link #open(Dir)}
   * @param kind {@code DIRECTORY}; or {@code QUARANTINE}, see {@link #quarantine}
   * @return to be closed
   * @throws IOException if the directory cannot be made
   */
  static Stage inPrivateDir(Dir target, TempNames.Kind kind) throws IOException {
    return new Stage(target, Optional.of(PrivateDir.make(target, kind)));
  }

  /**
   * Opens a stage for a user's file, to be renamed into {@link #dir} as {@link #nameInQuarantine}:
   * a sweep puts it back, and closing does not remove it.
   *
   * <p>It is a private directory. Where none can be made, on a full disk or as a security module
   * refuses it, and nothing could be removed otherwise, it is as {@link #beside}.
   *
   * @param target as for {@link #open(Dir)}
   * @return to be closed
   * @throws IOException if the directory cannot be made, and others write to the one it was for
   */
  static Stage quarantine(Dir target) throws IOException {
    try {
      return inPrivateDir(target, TempNames.Kind.QUARANTINE);
    } catch (FileSystemException e) {
      if (!Refusal.FULL.isIn(e) && !Refusal.NOT_PERMITTED.isIn(e)) {
        throw e;
      }
      return beside(target).orElseThrow(() -> e);
    }
  }

  /**
   * Opens a stage for a user's file in the directory that it is in, if only its owner may write to
   * that, who could exchange what has the name there. A crash then leaves the file under that name,
   * and a sweep too, which cannot know its own.
   *
   * @param target as for {@link #open(Dir)}
   * @return to be closed; nothing where others write
   */
  static Optional<Stage> beside(Dir target) throws IOException {
    return isOpenToOthers(target.stat())
        ? Optional.empty()
        : Optional.of(new Stage(target, Optional.empty()));
  }

  /** Returns the name that a user's file gets in {@link #quarantine}: its own if that is free. */
  Name nameInQuarantine(Name own) {
    return isPrivate() ? own : TempNames.fresh(target, TempNames.Kind.QUARANTINE);
  }

  /** Returns the directory in which names are staged. Not to be closed. */
  Dir dir() {
    return room.isPresent() ? room.get().dir() : target;
  }

  /**
   * Tells whether the names in this stage are out of reach of others, and marked as in use by the
   * directory they are in.
   */
  boolean isPrivate() {
    return room.isPresent();
  }

  /**
   * Returns a name that is free, and is removed when this stage is closed unless {@link
   * #published}.
   */
  Name freshName(TempNames.Kind kind) {
    Name name = TempNames.fresh(dir(), kind);
    given.add(name);
    return name;
  }

  /** Is told that a name was renamed away or removed, so that nothing is left of it. */
  void published(Name name) {
    given.remove(name);
  }

  @Override
  public void close() throws IOException {
    if (room.isPresent()) {
      Cleanup.all(this::removeGiven, room.get()::close);
    } else {
      removeGiven();
    }
  }

  /**
   * Nobody but this process can have put anything else under these names: they are unguessable, the
   * directory is ours.
   */
  private void removeGiven() throws IOException {
    List<Cleanup.Step> steps = new ArrayList<>();
    for (Iterator<Name> names = given.iterator(); names.hasNext(); ) {
      Name name = names.next();
      names.remove();
      steps.add(() -> Cleanup.twice(() -> remove(dir(), name)));
    }
    Cleanup.all(steps.toArray(Cleanup.Step[]::new));
  }

  private static void remove(Dir dir, Name name) throws IOException {
    if (dir.unlink(name) == RemoveResult.IS_DIRECTORY) {
      dir.rmdir(name);
    }
  }

  private static boolean isOpenToOthers(Stat dir) {
    // An ACL that lets anyone write shows in the group bits, which are its mask; acl(5).
    return dir.type() != FileType.DIRECTORY || (dir.mode() & WRITABLE_BY_OTHERS) != 0;
  }
}
