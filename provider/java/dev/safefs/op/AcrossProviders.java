package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;

/**
 * Copies and moves where a place is of a provider that has nothing to do with ours, so that an
 * engine was made for this one call. Promises C1, C2 and M3.
 */
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
   * @throws dev.safefs.GuaranteeUnavailableException if the target is in a zip file
   * @throws IOException if it fails otherwise; the target is as it was
   */
  public static void copy(Place source, Place target, CopyRequest request) throws IOException {
    try (FileHandle file = source.open(request.links())) {
      Stat stat = file.stat();
      if (!target.route().hasName()) {
        Nameless.refuseTarget(target, stat, request.replace());
        return;
      }
      try (ParentRef to = target.anchor().parent(target.route())) {
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
   * @throws dev.safefs.GuaranteeUnavailableException if either is in a zip file
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
      Sides sides =
          new Sides(
              from, to, source.display(), target.display(), Sides.Origin.NAMED, target.config());
      MoveAcross.run(sides, request, durability);
      sides.sync(durability);
    }
  }
}
