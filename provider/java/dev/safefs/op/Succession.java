package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.HardLinks;
import dev.safefs.RaceDetectedException;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Refusal;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.op.Pending.Outcome;
import dev.safefs.request.Access;
import dev.safefs.request.Creation;
import dev.safefs.request.OpenFlag;
import dev.safefs.request.OpenRequest;
import dev.safefs.request.Replace;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/**
 * A pending file that takes the place of another, or of none, with all that W4 and W8 ask: it is
 * private while it is pending, and gets the attributes of the file that it turns out to replace, or
 * those that the kernel gave it when it was made.
 */
final class Succession implements Closeable {
  private static final int PRIVATE = 0600;
  private static final int OWNER_READ = 0400;
  private static final int DEFAULT_MODE = 0666;

  private final Place place;
  private final OpenRequest request;
  private final SafeConfig config;
  private final ParentRef at;
  private final String path;
  private final Pending pending;
  private final Optional<Predecessor.Sighting> first;
  private final CarryOver carryOver;
  private Settling settling = Settling.AS_ASKED;
  private int mode;
  private Replace replace = Replace.NO_REPLACE;

  /** Whether content is made durable before it gets the name. */
  enum Settling {
    /** As the request says. */
    AS_ASKED,
    /** Whatever it says. */
    ALWAYS
  }

  private Succession(
      Place place,
      OpenRequest request,
      ParentRef at,
      Pending pending,
      Optional<Predecessor.Sighting> first) {
    this.place = place;
    this.request = request;
    this.config = place.config();
    this.at = at;
    this.path = place.display();
    this.pending = pending;
    this.first = first;
    this.carryOver = new CarryOver(path, pending.file(), pending.made());
  }

  /**
   * Begins one. What cannot be kept of the old file is told here, before a byte is written and
   * whatever the strictness, as the file can still be written in place.
   *
   * @param place the user's
   * @param request the user's
   * @param at the name that will be published; not owned, to stay open
   * @param old the regular file that has that name, if any, which may be replaced; not owned
   */
  static Succession begin(Place place, OpenRequest request, ParentRef at, Optional<Predecessor> old)
      throws IOException {
    Pending.Terms terms =
        new Pending.Terms(
            old.isPresent() ? PRIVATE : request.attributes().mode().orElse(DEFAULT_MODE),
            old.isPresent() ? Replace.REPLACE : Replace.NO_REPLACE,
            request.durability(),
            place.config().strictness(),
            place.display());
    try (Cleanup.Scope scope = new Cleanup.Scope()) {
      Pending pending = scope.add(Pending.begin(at.dir(), at.name(), terms));
      Succession succession =
          new Succession(place, request, at, pending, old.map(Predecessor::sighting));
      succession.init(old);
      scope.release();
      return succession;
    }
  }

  private void init(Optional<Predecessor> old) throws IOException {
    FileHandle file = pending.file();
    if (old.isEmpty()) {
      mode = pending.made().mode();
    } else {
      if (!request.flags().contains(OpenFlag.TRUNCATE)) {
        try (FileHandle readable = old.get().file().reopen(Access.READ)) {
          readable.copyContentTo(file, CopyMonitor.NONE);
        }
      }
      mode = carryOver.run(old.get().file(), old.get().stat(), Strictness.STRICT);
      replace = Replace.REPLACE;
    }
    makePrivate(file, old);
  }

  /**
   * Makes the file private, also if it is: where permissions cannot be set that is to be known
   * before a byte is written, as long as the old file can still be written in place. With CAP_CHOWN
   * and without CAP_FOWNER it could be given to the old one's owner, whose permissions it can then
   * not be given; capabilities(7).
   */
  private void makePrivate(FileHandle file, Optional<Predecessor> old) throws IOException {
    try {
      file.setMode(PRIVATE);
    } catch (FileSystemException e) {
      if (old.isEmpty() || !Refusal.NOT_PERMITTED.isIn(e)) {
        throw e;
      }
      Downgrade.accept(Strictness.STRICT, path, "W4 (permissions)", e);
    }
  }

  /**
   * Checks that a file may be replaced: its own permissions count, not only its directory's.
   *
   * @throws java.nio.file.AccessDeniedException if the caller may not write it
   * @throws GuaranteeUnavailableException if it has other names and {@code hardLinks} is {@code
   *     REFUSE}
   */
  static void permit(FileHandle file, Stat stat, Place place) throws IOException {
    permit(file, stat, place.config(), place.display());
  }

  private static void permit(FileHandle file, Stat stat, SafeConfig config, String path)
      throws IOException {
    file.checkAccess(AccessMode.WRITE);
    if (stat.linkCount() > 1 && config.hardLinks() == HardLinks.REFUSE) {
      throw new GuaranteeUnavailableException(
          path, null, "W4: has " + stat.linkCount() + " names, and hardLinks=REFUSE");
    }
  }

  Pending pending() {
    return pending;
  }

  /**
   * Gives the file the attributes it will be published with, and settles it.
   *
   * <p>Where there was no file, none is looked for: publishing tells if there is one now. Where
   * there was one, and it has not changed since, its attributes have been carried over already, but
   * for what the writing has removed again.
   */
  void prepare(Settling how) throws IOException {
    settling = how;
    UserPath.of(
        path,
        () -> {
          if (first.isPresent() && !(carryOver.isKeptForGood() && first.get().isUnchanged(at))) {
            inherit();
          }
          settle();
        });
  }

  /** Goes on where what is written so far may not be there before the channel is closed. */
  void withoutForce() throws GuaranteeUnavailableException {
    Downgrade.accept(
        config.strictness(),
        path,
        "W3 (force)",
        "the delegate's channels cannot be synced, so that nothing is published before close()");
  }

  private void settle() throws IOException {
    pending.file().setMode(mode);
    if (settling == Settling.ALWAYS) {
      pending.file().sync(SyncScope.CONTENT_AND_ATTRIBUTES);
    } else {
      pending.settle();
    }
  }

  private void inherit() throws IOException {
    Optional<FileHandle> now = at.dir().find(at.name());
    replace = now.isPresent() ? Replace.REPLACE : Replace.NO_REPLACE;
    if (now.isPresent()) {
      try (FileHandle file = now.get()) {
        inherit(file);
      }
    }
  }

  private void inherit(FileHandle file) throws IOException {
    if (request.creation() == Creation.CREATE_NEW) {
      throw new FileAlreadyExistsException(path);
    }
    Stat stat = file.stat();
    if (stat.type() == FileType.REGULAR) {
      permitAnother(file, stat);
      mode = carryOver.run(file, stat, config.strictness());
    } else if (stat.type() != FileType.SYMLINK) {
      throw new FileSystemException(
          path, null, "became a " + stat.type() + " while it was written");
    }
  }

  /**
   * Checks a file unless it is the one that was there at the open, as if it had been: its owner
   * would be given the content.
   */
  private void permitAnother(FileHandle file, Stat stat) throws IOException {
    if (first.isEmpty() || !first.get().stat().isSameFile(stat)) {
      place.anchor().checkMayTake(at.dir(), stat, path);
      permit(file, stat, config, path);
    }
  }

  /** What the user's path got. */
  enum Given {
    /** The prepared file has the name. */
    NAME,
    /** The file that has the name, which nothing can be renamed over, has the content. */
    CONTENT
  }

  /** Gives the prepared file its name, or where that cannot be, its content to the old one. */
  Given give() throws IOException {
    return UserPath.in(path, this::giveAtLast);
  }

  private Given giveAtLast() throws IOException {
    Tries tries = new Tries(() -> path);
    while (tries.next()) {
      Outcome outcome;
      try {
        outcome = pending.give(replace);
      } catch (FileSystemException e) {
        if (first.isEmpty() || !isIrreplaceable(e)) {
          throw e;
        }
        writeInPlace(e);
        return Given.CONTENT;
      }
      if (outcome == Outcome.PUBLISHED) {
        return Given.NAME;
      }
      if (outcome == Outcome.IS_DIRECTORY) {
        throw new FileSystemException(path, null, "became a DIRECTORY while it was written");
      }
      inherit();
      settle();
    }
    throw new RaceDetectedException(
        path, null, "created and removed by others in each of " + tries);
  }

  /**
   * Tells whether publishing failed because nothing can be renamed over the old file: it is a mount
   * point, another user's in a sticky directory, or guarded by a security module, and may be
   * writable all the same; rename(2), EBUSY, EPERM and EACCES.
   */
  private static boolean isIrreplaceable(FileSystemException failure) {
    return Refusal.BUSY.isIn(failure) || Refusal.NOT_PERMITTED.isIn(failure);
  }

  /**
   * Writes over a file that is a mount point of its own, such as one that was put into a container,
   * or another user's in a sticky directory.
   */
  private void writeInPlace(FileSystemException failure) throws IOException {
    Downgrade.accept(config.strictness(), path, "W1 (whole files)", failure);
    Optional<FileHandle> now = at.dir().find(at.name());
    if (now.isEmpty()) {
      throw failure;
    }
    try (FileHandle file = now.get()) {
      Stat stat = file.stat();
      if (stat.type() != FileType.REGULAR) {
        throw failure;
      }
      permitAnother(file, stat);
      if ((mode & OWNER_READ) == 0) {
        // A delegate may have to open it once more to read it.
        pending.file().setMode(PRIVATE);
      }
      try (FileHandle writable = file.reopen(Access.WRITE)) {
        writable.truncate(0);
        pending.file().copyContentTo(writable, CopyMonitor.NONE);
        writable.sync(SyncScope.CONTENT_AND_ATTRIBUTES);
      }
    }
  }

  @Override
  public void close() throws IOException {
    UserPath.of(path, pending::close);
  }
}
