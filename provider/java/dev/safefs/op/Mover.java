package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Moves and exchanges names. Promises M1 to M5. */
public final class Mover {

  private Mover() {}

  /**
   * Moves a file, a symbolic link itself, or a directory.
   *
   * <p><i>Atomicity:</i> within a file system, one rename: a reader of the target sees the old file
   * or the new one, never neither. To another file system, the target appears whole, and then the
   * source is removed, if it still is the file that was copied. <i>Durability:</i> as the request
   * and the target's settings ask.
   *
   * <p><i>Outcomes:</i> the source has the target's name; or both are one file and nothing changed;
   * or an exception, and the target is as it was. Where a copy has replaced the target on another
   * file system before the source turned out not to be removable, both are kept.
   *
   * @param source what
   * @param target its new name
   * @param request the options
   * @throws FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if the target is a directory with entries, or
   *     the source is and the target is on another file system
   * @throws java.nio.file.NoSuchFileException if the source does not exist
   * @throws java.nio.file.AtomicMoveNotSupportedException if one rename was asked for and cannot do
   *     it
   * @throws dev.safefs.SourceChangedException if the source was replaced or changed while it was
   *     copied; both are kept
   * @throws IOException if it fails otherwise
   */
  public static void move(Place source, Place target, MoveRequest request) throws IOException {
    if (!source.route().hasName() || !target.route().hasName()) {
      refuseNameless(source, target, request.replace());
      return;
    }
    boolean durable = request.durability() == MoveRequest.NameSync.DURABLE;
    Durability durability = durable ? Durability.FILE_AND_NAME : target.config().durability();
    UserPath.of(
        source,
        target,
        () -> {
          try (Sides sides = opened(source, target, request)) {
            if (durable) {
              syncContent(sides.from());
            }
            move(sides, request, durability);
          }
        });
  }

  /** Opens both sides; of one rename a failure names both paths, whichever it was, as the JDK's. */
  private static Sides opened(Place source, Place target, MoveRequest request) throws IOException {
    try {
      return Sides.open(source, target);
    } catch (FileSystemException e) {
      boolean atOnce = request.reach() == MoveRequest.Reach.ATOMIC;
      throw atOnce ? UserPath.both(e, source, target) : e;
    }
  }

  /** Moves between two open directories. */
  static void move(Sides sides, MoveRequest request, Durability durability) throws IOException {
    if (request.reach() == MoveRequest.Reach.ATOMIC) {
      Rename.atomic(sides);
    } else if (rename(sides, request.replace()) == RenameResult.CROSS_DEVICE) {
      MoveAcross.run(sides, request, durability);
    }
    sides.sync(durability);
  }

  /**
   * Swaps two names of any types. <i>Atomicity:</i> a reader sees both before or both after.
   *
   * @param a one
   * @param b the other
   * @throws GuaranteeUnavailableException if the kernel or file system cannot; nothing changed
   * @throws java.nio.file.NoSuchFileException if one does not exist
   * @throws IOException if it fails otherwise
   */
  public static void exchange(Place a, Place b) throws IOException {
    try (ParentRef first = Resolver.parent(a);
        ParentRef second = Resolver.parent(b)) {
      Sides sides =
          new Sides(first, second, a.display(), b.display(), Sides.Origin.NAMED, b.config());
      switch (RenameFlags.exchange(first, second)) {
        case RENAMED -> sides.sync(sides.config().durability());
        case ABSENT -> throw absent(sides);
        case CROSS_DEVICE -> throw unavailable(sides, "on different file systems or mounts");
        case UNSUPPORTED -> throw unavailable(sides, "no RENAME_EXCHANGE here");
        default ->
            throw new FileSystemException(a.display(), b.display(), "renameat2: exchange refused");
      }
    }
  }

  private static RenameResult rename(Sides sides, Replace replace) throws IOException {
    return replace == Replace.NO_REPLACE ? Rename.exclusive(sides) : Rename.replacing(sides);
  }

  private static void syncContent(ParentRef at) throws IOException {
    Optional<FileHandle> found = at.dir().find(at.name());
    if (found.isEmpty()) {
      return;
    }
    try (FileHandle file = found.get()) {
      FileType type = file.stat().type();
      if (type == FileType.REGULAR || type == FileType.DIRECTORY) {
        try (FileHandle readable = file.reopen(Access.READ)) {
          readable.sync(SyncScope.CONTENT_AND_ATTRIBUTES);
        }
      }
    }
  }

  /** Refuses as rename(2) and the JDK do, source first. */
  private static void refuseNameless(Place source, Place target, Replace replace)
      throws IOException {
    Stat stat;
    try (FileHandle file = source.open(LinkMode.NOFOLLOW)) {
      stat = file.stat();
    }
    if (!target.route().hasName()) {
      Nameless.refuseTarget(target, stat, replace);
      return;
    }
    try (ParentRef to = target.anchor().parent(target.route())) {
      Optional<Stat> existing = to.dir().stat(to.name());
      if (existing.isPresent() && existing.get().isSameFile(stat)) {
        return;
      }
      if (existing.isPresent() && replace == Replace.NO_REPLACE) {
        throw new FileAlreadyExistsException(target.display());
      }
    }
    throw new FileSystemException(
        source.display(), target.display(), "EBUSY: names no entry of a directory");
  }

  private static IOException absent(Sides sides) throws IOException {
    boolean second = sides.from().dir().stat(sides.from().name()).isPresent();
    return new NoSuchFileException(second ? sides.target() : sides.source());
  }

  private static GuaranteeUnavailableException unavailable(Sides sides, String reason) {
    return new GuaranteeUnavailableException(
        sides.source(), sides.target(), "M5 (atomic exchange) cannot be kept: " + reason);
  }
}
