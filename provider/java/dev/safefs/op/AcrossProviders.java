package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;

/** Copies and moves between places of different engines. Promises C1, C2 and M3. */
public final class AcrossProviders {

  private AcrossProviders() {}

  /**
   * Copies, as {@link Copier#copy} does, but for what only has a meaning at the source: owners, and
   * attributes that the target's provider does not have.
   *
   * @param source what
   * @param target the name of the copy
   * @param request the options
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws GuaranteeUnavailableException if the target is in a zip file
   * @throws IOException if it fails otherwise; the target is as it was
   */
  public static void copy(Place source, Place target, CopyRequest request) throws IOException {
    try (FileHandle file = new ForeignFile(open(source, request.links()))) {
      Stat stat = file.stat();
      if (!target.route().hasName()) {
        Nameless.refuseTarget(target, stat, request.replace());
        return;
      }
      try (ParentRef to = target.anchor().parent(target.route())) {
        requireReopening(to, "C2 (whole copies)");
        TargetCheck.isSame(to, stat, target.display(), request.replace());
        new Copy(file, stat, to, target.display(), CopyPlan.of(request, source, target)).run();
      }
    }
  }

  /**
   * Moves, as {@link Mover#move} does between file systems.
   *
   * @param source what
   * @param target its new name
   * @param request the options
   * @throws AtomicMoveNotSupportedException if one rename was asked for
   * @throws java.nio.file.DirectoryNotEmptyException if the source is a directory with entries
   * @throws GuaranteeUnavailableException if either is in a zip file
   * @throws IOException if it fails otherwise; the target is as it was
   */
  public static void move(Place source, Place target, MoveRequest request) throws IOException {
    if (request.reach() == MoveRequest.Reach.ATOMIC) {
      throw new AtomicMoveNotSupportedException(
          source.display(), target.display(), "between two providers");
    }
    boolean durable = request.durability() == MoveRequest.NameSync.DURABLE;
    Durability durability = durable ? Durability.FILE_AND_NAME : target.config().durability();
    try (ParentRef from = Resolver.parent(source);
        ParentRef to = Resolver.parent(target)) {
      requireReopening(from, "M3 (the source is removed only if it was copied)");
      requireReopening(to, "M3 (whole copies)");
      Sides sides =
          new Sides(
              from, to, source.display(), target.display(), Sides.Origin.NAMED, target.config());
      MoveAcross.run(sides, request, durability, ForeignFile::new);
      sides.sync(durability);
    }
  }

  /** A file system of zip entries shows a file only when it is closed, so that none is pending. */
  private static void requireReopening(ParentRef at, String promise)
      throws GuaranteeUnavailableException {
    if (!at.dir().capabilities().mayHave(Capability.REOPEN)) {
      throw new GuaranteeUnavailableException(
          at.display(), null, promise + " cannot be kept: this provider shows no open files");
    }
  }

  private static FileHandle open(Place place, LinkMode links) throws IOException {
    return place.anchor().open(place.route(), links);
  }
}
