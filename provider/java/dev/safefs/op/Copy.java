package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.RaceDetectedException;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.op.CopyPlan.Trait;
import dev.safefs.request.Access;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/** One copy of one open object to a name, of whatever type it is. Promises C1 to C5. */
final class Copy {
  /**
   * How often the target may turn into a directory and back before the copy gives up. Not bounded
   * by time, as {@link Tries} is: a try takes as long as the content.
   */
  private static final int COPIES = 16;

  private static final int PRIVATE_FILE = 0600;
  private static final int PERMISSIONS = 0777;
  private static final int PERMISSIONS_AND_STICKY = 01777;

  private final FileHandle source;
  private final Stat stat;
  private final ParentRef to;
  private final String target;
  private final CopyPlan plan;

  /** What was published, once something is. */
  private Optional<Stat> made = Optional.empty();

  /**
   * Prepares a copy.
   *
   * @param source the object, not owned
   * @param stat its attributes, read from it
   * @param to the name of the copy, not owned
   * @param target the user's path of it
   * @param plan how
   */
  Copy(FileHandle source, Stat stat, ParentRef to, String target, CopyPlan plan) {
    this.source = source;
    this.stat = stat;
    this.to = to;
    this.target = target;
    this.plan = plan;
  }

  /** Copies to a name that is expected to be free. */
  void run() throws IOException {
    run(Optional.empty());
  }

  /**
   * Copies.
   *
   * @param existing what had the target's name a moment ago
   */
  void run(Optional<Stat> existing) throws IOException {
    Reopening.require(source, to);
    long begin = System.nanoTime();
    switch (stat.type()) {
      case REGULAR -> content(existing);
      case DIRECTORY, SYMLINK -> object();
      default -> special(existing);
    }
    long lasted = System.nanoTime() - begin;
    FlightRecorder.copied(source::display, () -> target, stat.sizeBytes(), lasted);
  }

  /** Returns which file the copy is that was published with its attributes. */
  Stat made() {
    return made.orElseThrow();
  }

  private void special(Optional<Stat> existing) throws IOException {
    boolean device =
        stat.type() == FileType.BLOCK_DEVICE || stat.type() == FileType.CHARACTER_DEVICE;
    if (plan.has(Trait.READ_DEVICES) && device) {
      content(existing);
    } else if (plan.has(Trait.REFUSE_SPECIAL)
        || plan.has(Trait.READ_DEVICES)
        || (stat.type() == FileType.SOCKET && !plan.has(Trait.SOCKETS))) {
      throw new FileSystemException(source.display(), null, "not copied: " + stat.type());
    } else {
      object();
    }
  }

  private void content(Optional<Stat> existing) throws IOException {
    Optional<Stat> now = existing;
    try (FileHandle readable = source.reopen(Access.READ)) {
      for (int attempt = 0; attempt < COPIES; attempt++) {
        boolean directory = now.isPresent() && now.get().type() == FileType.DIRECTORY;
        if (directory && plan.has(Trait.KEEP_DIRECTORIES)) {
          throw new FileAlreadyExistsException(target, null, "is a directory");
        }
        if (directory && plan.replace() == Replace.REPLACE) {
          contentOverDirectory(readable);
          return;
        }
        if (contentToName(readable)) {
          return;
        }
        now = to.dir().stat(to.name());
      }
    }
    throw new RaceDetectedException(
        target, null, "changed between file and directory " + COPIES + " times");
  }

  /** Returns false if a directory has the name by now, and is to be replaced. */
  private boolean contentToName(FileHandle readable) throws IOException {
    try (Pending pending = Pending.begin(to.dir(), to.name(), terms(plan.replace()))) {
      fill(readable, pending);
      switch (pending.publish(plan.replace())) {
        case PUBLISHED -> {
          made = Optional.of(pending.made());
          restoreTimes(pending);
          return true;
        }
        case EXISTS -> throw new FileAlreadyExistsException(target);
        default -> {
          return false;
        }
      }
    }
  }

  /** Publishes in a private directory first, as only a name can be exchanged for a directory. */
  private void contentOverDirectory(FileHandle readable) throws IOException {
    Emptiness.require(to, target);
    try (Stage stage = Stage.inPrivateDir(to.dir(), TempNames.Kind.DIRECTORY)) {
      ParentRef staged = new ParentRef(stage.dir(), stage.freshName(TempNames.Kind.FILE));
      try (Pending pending =
          Pending.begin(staged.dir(), staged.name(), terms(Replace.NO_REPLACE))) {
        fill(readable, pending);
        if (pending.publish(Replace.NO_REPLACE) != Pending.Outcome.PUBLISHED) {
          throw new RaceDetectedException(target, null, "a staged name was taken");
        }
        restoreTimes(pending);
        made = Optional.of(pending.made());
      }
      publish(staged);
    }
  }

  private void fill(FileHandle readable, Pending pending) throws IOException {
    plan.monitor().progressed(0, stat.sizeBytes());
    readable.copyContentTo(pending.file(), plan.reflink(), plan.monitor());
    requireStable();
    if (plan.has(Trait.ATTRIBUTES)) {
      CopiedAttributes.apply(readable, stat, pending.file(), target, plan.config().strictness());
    }
  }

  /**
   * A copy of the pending file, made where that could not get a name, has its content and owner,
   * not its times.
   */
  private void restoreTimes(Pending pending) throws IOException {
    if (pending.wasCopied() && plan.has(Trait.ATTRIBUTES)) {
      pending.file().setTimes(stat.accessed(), stat.modified());
    }
  }

  private Pending.Terms terms(Replace replace) {
    int mode = plan.has(Trait.ATTRIBUTES) ? PRIVATE_FILE : stat.mode() & PERMISSIONS;
    return new Pending.Terms(mode, replace, plan.durability(), plan.config().strictness(), target);
  }

  private void requireStable() throws IOException {
    if (!plan.has(Trait.STABLE)) {
      return;
    }
    Stat now = source.stat();
    if (now.sizeBytes() != stat.sizeBytes()
        || !now.modified().equals(stat.modified())
        || !now.changed().equals(stat.changed())) {
      throw new SourceChangedException(source.display(), target, "changed while it was copied");
    }
  }

  /** Copies what is made by one call: a directory without its entries, a link, a special file. */
  private void object() throws IOException {
    if (!plan.has(Trait.ATTRIBUTES)) {
      CreateResult result = make(to, stat.mode());
      if (result == CreateResult.CREATED) {
        syncName();
        return;
      }
      if (result == CreateResult.EXISTS && plan.replace() == Replace.NO_REPLACE) {
        throw new FileAlreadyExistsException(target);
      }
      requireSupported(result);
    }
    try (Stage stage = Stage.inPrivateDir(to.dir(), TempNames.Kind.DIRECTORY)) {
      ParentRef staged = new ParentRef(stage.dir(), stage.freshName(TempNames.Kind.TREE));
      requireSupported(make(staged, stat.mode()));
      try (FileHandle copy = stage.dir().find(staged.name()).orElseThrow(this::takenAway)) {
        requireStable();
        publishObject(staged, copy);
      }
    }
    syncName();
  }

  private void publishObject(ParentRef staged, FileHandle copy) throws IOException {
    if (plan.has(Trait.ATTRIBUTES)) {
      CopiedAttributes.apply(source, stat, copy, target, plan.config().strictness());
    }
    int mode = copy.stat().mode();
    boolean unwritable = stat.type() == FileType.DIRECTORY && (mode & 0300) != 0300;
    if (unwritable) {
      // A directory moves to another parent only if it may be written to, as its ".." changes;
      // rename(2), EACCES.
      copy.setMode(0700);
    }
    made = Optional.of(copy.stat());
    publish(staged);
    if (unwritable) {
      copy.setMode(mode);
    }
    if (plan.durability() == Durability.FILE_AND_NAME && stat.type() == FileType.DIRECTORY) {
      syncDirectory(copy);
    }
  }

  /** One that its own mode does not let be read cannot be synced, as in {@link NameSync}. */
  private void syncDirectory(FileHandle copy) throws IOException {
    try (FileHandle directory = copy.reopen(Access.READ)) {
      directory.sync(SyncScope.CONTENT_AND_ATTRIBUTES);
    } catch (AccessDeniedException | GuaranteeUnavailableException e) {
      Downgrade.accept(plan.config().strictness(), target, NameSync.PROMISE, e);
    }
  }

  /**
   * Makes the object itself, with the mode before the umask, or private if its attributes follow.
   */
  private CreateResult make(ParentRef at, int mode) throws IOException {
    boolean later = plan.has(Trait.ATTRIBUTES);
    return switch (stat.type()) {
      case DIRECTORY -> at.dir().mkdir(at.name(), later ? 0700 : mode & PERMISSIONS_AND_STICKY);
      case SYMLINK -> at.dir().symlink(source.readLink(), at.name());
      default ->
          at.dir().mknod(at.name(), stat.withMode(later ? PRIVATE_FILE : mode & PERMISSIONS));
    };
  }

  private void requireSupported(CreateResult result) throws IOException {
    if (result == CreateResult.UNSUPPORTED) {
      throw new FileSystemException(
          target,
          null,
          "EPERM (Operation not permitted): a " + stat.type() + " cannot be made here");
    }
  }

  private void publish(ParentRef staged) throws IOException {
    Sides sides =
        new Sides(staged, to, source.display(), target, Sides.Origin.STAGED, plan.config());
    RenameResult given =
        plan.replace() == Replace.NO_REPLACE ? Rename.exclusive(sides) : Rename.replacing(sides);
    if (given != RenameResult.RENAMED) {
      // Within one file system a security module may refuse any other parent; rename(2), EXDEV.
      throw new FileSystemException(target, null, "rename of the copy: " + given);
    }
  }

  private void syncName() throws IOException {
    if (plan.durability() == Durability.FILE_AND_NAME) {
      NameSync.run(to.dir(), target, plan.config());
    }
  }

  private RaceDetectedException takenAway() {
    return new RaceDetectedException(target, null, "what was staged was taken away");
  }
}
