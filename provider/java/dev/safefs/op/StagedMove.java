package dev.safefs.op;

import dev.safefs.handle.CreateResult;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import java.io.IOException;

/**
 * Moves a file without replacing where an open file cannot be linked, only a name, which somebody
 * may have given to another file. Promise M1.
 *
 * <p>So the name is taken into a private directory first, where nobody can exchange it, and its
 * identity checked there; then it is linked into place, which is exclusive, and the staged name
 * removed; or it is put back. For an instant the file has no name that others know; after a crash
 * in it, a sweep puts it back.
 */
final class StagedMove {

  private StagedMove() {}

  /**
   * Moves.
   *
   * @param pinned the source
   * @param stat its attributes, read from it
   * @return as {@link ExclusiveMove}; {@code TYPE_MISMATCH} if the source's name is another file's
   *     by now
   */
  static RenameResult run(Sides sides, FileHandle pinned, Stat stat) throws IOException {
    if (sides.origin() == Sides.Origin.STAGED) {
      RenameResult result = link(sides, sides.from(), pinned, stat);
      if (result == RenameResult.RENAMED) {
        sides.from().dir().unlink(sides.from().name());
      }
      return result;
    }
    try (Quarantine quarantine = Quarantine.open(sides.from())) {
      return switch (quarantine.claim(stat)) {
        case ABSENT -> throw sides.sourceAbsent();
        case DIFFERENT, NOT_MOVABLE -> RenameResult.TYPE_MISMATCH;
        case CLAIMED -> claimed(sides, quarantine, pinned, stat);
      };
    }
  }

  private static RenameResult claimed(
      Sides sides, Quarantine quarantine, FileHandle pinned, Stat stat) throws IOException {
    RenameResult result;
    try {
      result = link(sides, quarantine.inside(), pinned, stat);
    } catch (IOException | RuntimeException | Error e) {
      quarantine.putBack(e);
      throw e;
    }
    if (result != RenameResult.RENAMED) {
      quarantine.putBack();
      return result == RenameResult.UNSUPPORTED ? ExclusiveMove.claimFile(sides) : result;
    }
    // What is held open NFS would keep under a hidden name.
    pinned.close();
    try {
      quarantine.remove();
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(() -> Quarantine.removeIfSame(sides.to(), stat), e);
      quarantine.putBack(e);
      throw e;
    }
    return result;
  }

  private static RenameResult link(Sides sides, ParentRef staged, FileHandle pinned, Stat stat)
      throws IOException {
    CreateResult linked =
        ExclusiveMove.link(
            () -> staged.dir().linkName(staged.name(), sides.to().dir(), sides.to().name()),
            sides,
            pinned,
            stat);
    return switch (linked) {
      case CREATED -> RenameResult.RENAMED;
      case EXISTS -> throw ExclusiveMove.exists(sides);
      case CROSS_DEVICE -> RenameResult.CROSS_DEVICE;
      case SOURCE_GONE -> throw sides.sourceAbsent();
      case UNSUPPORTED, ONLY_BY_NAME -> RenameResult.UNSUPPORTED;
    };
  }
}
