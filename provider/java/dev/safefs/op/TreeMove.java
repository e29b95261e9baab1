package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.util.Optional;

/** Moves a tree, also to another file system. Promise M3. */
final class TreeMove {

  private TreeMove() {}

  static void run(Sides sides, MoveRequest request, Durability durability, TreePlan plan)
      throws IOException {
    if (request.reach() == MoveRequest.Reach.ATOMIC) {
      Rename.atomic(sides);
    } else if (rename(sides, request) == RenameResult.CROSS_DEVICE) {
      across(sides, request, durability, plan);
    }
    sides.sync(durability);
  }

  private static RenameResult rename(Sides sides, MoveRequest request) throws IOException {
    return request.replace() == Replace.NO_REPLACE
        ? Rename.exclusive(sides)
        : Rename.replacing(sides);
  }

  private static void across(Sides sides, MoveRequest request, Durability durability, TreePlan plan)
      throws IOException {
    Optional<FileHandle> found = sides.from().dir().find(sides.from().name());
    if (found.isEmpty()) {
      throw sides.sourceAbsent();
    }
    try (FileHandle source = found.get()) {
      Stat stat = source.stat();
      if (stat.type() != FileType.DIRECTORY) {
        MoveAcross.run(sides, request, durability);
        return;
      }
      if (TargetCheck.isSame(sides.to(), stat, sides.target(), request.replace())) {
        return;
      }
      Reopening.require(source, sides);
      TreePlan strict = new TreePlan(TreePlan.STOP.failures(), plan.monitor());
      try (Dir from = sides.from().dir().openDir(sides.from().name())) {
        if (!TreeCopy.statOf(from).isSameFile(stat)) {
          throw changed(sides, "was replaced while it was opened");
        }
        TreeCopy.Labels labels = new TreeCopy.Labels(sides.source(), sides.target());
        TreeCopy.run(
            from, sides.to(), labels, CopyPlan.of(request, sides, durability), new TreeRun(strict));
      }
      NameSync.beforeRemoval(sides, durability);
      UserPath.orHidden(sides.source(), () -> removeSource(sides, stat));
    }
  }

  private static void removeSource(Sides sides, Stat stat) throws IOException {
    try (Quarantine quarantine = Quarantine.open(sides.from())) {
      switch (quarantine.claim(stat)) {
        case CLAIMED -> {
          try {
            UserPath.beneath(
                quarantine.inside().display(),
                sides.source(),
                () -> removeCopied(sides, quarantine.inside()));
          } catch (IOException | RuntimeException | Error e) {
            quarantine.putBack(e);
            throw e;
          }
        }
        case NOT_MOVABLE -> removeCopied(sides, sides.from());
        case ABSENT ->
            throw changed(
                sides, "was moved or removed after it was copied; the copy was kept, too");
        case DIFFERENT ->
            throw changed(sides, "was replaced after it was copied; the copy was kept, too");
      }
    }
  }

  /** Deletes what the copy has the like of. */
  private static void removeCopied(Sides sides, ParentRef source) throws IOException {
    TreeRun run = new TreeRun(TreePlan.COLLECT);
    TreeDeletion.runVerified(source, sides.to(), run);
    run.finish();
  }

  private static SourceChangedException changed(Sides sides, String how) {
    return new SourceChangedException(sides.source(), sides.target(), how);
  }
}
