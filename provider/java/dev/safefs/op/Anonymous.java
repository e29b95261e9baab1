package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.RaceDetectedException;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.Replace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A file without a name, on the mount of a directory, private until it is published. Promise T1.
 *
 * <p>Where the mount has no such files, it has a name in a private directory, which a sweep removes
 * after a crash.
 */
public final class Anonymous implements Closeable {
  private static final int DEFAULT_MODE = 0666;
  private static final int PRIVATE = 0600;

  private final Place place;
  private final Dir dir;
  private final Optional<Stage> stage;
  private final FileHandle file;
  private final FileChannel channel;
  private final int mode;
  private final AtomicBoolean closed = new AtomicBoolean();

  private Anonymous(Place place, Dir dir, Optional<Stage> stage, FileHandle file)
      throws IOException {
    this.place = place;
    this.dir = dir;
    this.stage = stage;
    this.file = file;
    this.mode = file.stat().mode();
    file.setMode(PRIVATE);
    this.channel = file.channel(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE));
  }

  /**
   * Makes one.
   *
   * @param place a directory of the mount
   * @return to be closed
   * @throws java.nio.file.NotDirectoryException if it is something else
   * @throws IOException if nothing can be created there
   */
  public static Anonymous open(Place place) throws IOException {
    return UserPath.in(place.display(), () -> opened(place));
  }

  private static Anonymous opened(Place place) throws IOException {
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Dir dir = scope.add(place.anchor().openDir(place.route(), LinkMode.FOLLOW));
      Optional<Stage> stage = Optional.empty();
      Optional<FileHandle> made = dir.anonymous(DEFAULT_MODE);
      if (made.isEmpty()) {
        Stage room = scope.add(Stage.inPrivateDir(dir, TempNames.Kind.DIRECTORY));
        stage = Optional.of(room);
        made = room.dir().create(room.freshName(TempNames.Kind.FILE), DEFAULT_MODE);
      }
      FileHandle file = scope.add(made.orElseThrow(() -> taken(place)));
      Anonymous anonymous = new Anonymous(place, dir, stage, file);
      scope.release();
      return anonymous;
    }
  }

  /**
   * Returns the channel on the file, for reading and writing.
   *
   * @return closed with this
   */
  public FileChannel channel() {
    return channel;
  }

  /**
   * Gives the file a name. On the same mount it is the file itself, which the channel goes on
   * writing to; on another it is a copy. What it may replace is the same on both.
   *
   * @param target the name
   * @param request of {@code REPLACE_EXISTING} and {@code DURABLE}
   * @throws FileAlreadyExistsException if the name is taken and not to be replaced, or taken by a
   *     directory
   * @throws IOException if it fails otherwise; the name is as it was
   */
  public void publish(Place target, CopyRequest request) throws IOException {
    UserPath.of(place, target, () -> give(target, request));
  }

  private void give(Place target, CopyRequest request) throws IOException {
    CopyPlan plan = CopyPlan.of(request, place, target);
    if (!target.route().hasName()) {
      throw Nameless.alreadyExists(target);
    }
    try (ParentRef to = target.anchor().parent(target.route())) {
      if (file.stat().linkCount() == 0 || stage.isPresent()) {
        file.setMode(mode);
      }
      if (plan.durability() != Durability.NONE) {
        ContentSync.run(file, target.display(), target.config().strictness());
      }
      if (!(plan.replace() == Replace.NO_REPLACE ? link(to, target) : linkOver(to, target))) {
        new Copy(file, file.stat(), to, target.display(), plan.likeLink()).run();
        return;
      }
      if (plan.durability() == Durability.FILE_AND_NAME) {
        NameSync.run(to.dir(), target.display(), target.config());
      }
    }
  }

  /** Returns false if the file cannot have that name, but a copy can. */
  private boolean link(ParentRef to, Place target) throws IOException {
    CreateResult result = to.dir().link(file, to.name());
    if (result == CreateResult.EXISTS) {
      throw new FileAlreadyExistsException(target.display());
    }
    return result == CreateResult.CREATED;
  }

  private boolean linkOver(ParentRef to, Place target) throws IOException {
    try (Stage room = Stage.inPrivateDir(to.dir(), TempNames.Kind.DIRECTORY)) {
      Name staged = room.freshName(TempNames.Kind.LINK);
      if (room.dir().link(file, staged) != CreateResult.CREATED) {
        return false;
      }
      RenameResult result = room.dir().rename(staged, to.dir(), to.name(), Replace.REPLACE);
      if (result == RenameResult.UNSUPPORTED || result == RenameResult.CROSS_DEVICE) {
        return false;
      }
      if (result != RenameResult.RENAMED) {
        throw CompareAndSwap.refused(result, target);
      }
      Stat ours = file.stat();
      Optional<Stat> now = to.dir().stat(to.name());
      if (now.isPresent() && !now.get().isSameFile(ours) && ours.linkCount() > 0) {
        FlightRecorder.raced(target.display(), "replaced right after it was published");
      }
      return true;
    }
  }

  private static RaceDetectedException taken(Place place) {
    return new RaceDetectedException(place.display(), null, "a random name is taken");
  }

  /** Releases everything. What was not published is gone. Does nothing the second time. */
  @Override
  public void close() throws IOException {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Cleanup.Step unstage = stage.isPresent() ? stage.get()::close : () -> {};
    Cleanup.all(channel::close, file::close, unstage, dir::close);
  }
}
