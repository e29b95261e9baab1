package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.DirectoryNotEmptyException;
import java.util.Optional;

/**
 * Moves to another file system or mount: a copy with every attribute, published whole, and then the
 * removal of the source, by identity. Promise M3. Other hard links of the source stay where they
 * are. Where the source turns out not to be removable the copy is removed again, unless it has
 * replaced something.
 */
final class MoveAcross {

  private MoveAcross() {}

  /**
   * Moves.
   *
   * @param sides source and target
   * @param request the options
   * @param durability what is synced
   * @throws SourceChangedException if the source was replaced or changed meanwhile; both are kept
   * @throws DirectoryNotEmptyException if the source is a directory with entries
   */
  static void run(Sides sides, MoveRequest request, Durability durability) throws IOException {
    Optional<FileHandle> found = sides.from().dir().find(sides.from().name());
    if (found.isEmpty()) {
      throw sides.sourceAbsent();
    }
    try (FileHandle source = found.get()) {
      Reopening.require(source, sides);
      Stat stat = source.stat();
      Optional<Stat> existing = sides.to().dir().stat(sides.to().name());
      // Two mounts may show one file.
      if (TargetCheck.isSame(existing, sides.to(), stat, sides.target(), request.replace())) {
        return;
      }
      if (stat.type() == FileType.DIRECTORY) {
        Emptiness.require(sides.from(), sides.source());
      }
      requireWritable(sides);
      CopyPlan plan = CopyPlan.of(request, sides, durability);
      Copy copy = new Copy(source, stat, sides.to(), sides.target(), plan);
      copy.run(existing);
      try {
        NameSync.beforeRemoval(sides, durability);
        removeSource(sides, source, stat);
      } catch (SourceChangedException e) {
        throw e;
      } catch (IOException | RuntimeException | Error e) {
        if (request.replace() == Replace.NO_REPLACE) {
          takeBack(sides, stat, copy.made(), e);
        }
        throw e;
      }
    }
  }

  /** Refuses early, before a target is replaced; the removal decides. */
  private static void requireWritable(Sides sides) throws IOException {
    UserPath.of(
        sides.source(),
        () -> {
          try (FileHandle directory = sides.from().dir().self()) {
            directory.checkAccess(AccessMode.WRITE, AccessMode.EXECUTE);
          }
        });
  }

  /** Removes the copy, as long as the source is there. */
  private static void takeBack(Sides sides, Stat source, Stat copy, Throwable failure) {
    try {
      Optional<Stat> kept = sides.from().dir().stat(sides.from().name());
      if (kept.filter(source::isSameFile).isPresent()) {
        Quarantine.removeIfSame(sides.to(), copy);
      }
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.suppress(failure, e);
    }
  }

  private static void removeSource(Sides sides, FileHandle source, Stat copied) throws IOException {
    requireUnchanged(sides, source, copied);
    // Once more where nobody finds it by its path any more, to write to it.
    Cleanup.Step release =
        () -> {
          if (copied.type() != FileType.DIRECTORY) {
            requireUnchanged(sides, source, copied);
          }
          source.close();
        };
    switch (UserPath.in(
        sides.source(), () -> Quarantine.removeIfSame(sides.from(), copied, release))) {
      case REMOVED -> {}
      case ABSENT -> throw kept(sides, "was moved or removed after it was copied");
      case DIFFERENT -> throw kept(sides, "was replaced after it was copied");
      case NOT_EMPTY -> throw kept(sides, "got entries after it was copied");
    }
  }

  private static void requireUnchanged(Sides sides, FileHandle source, Stat copied)
      throws IOException {
    Stat now = source.stat();
    if (now.sizeBytes() != copied.sizeBytes() || !now.modified().equals(copied.modified())) {
      throw kept(sides, "was written to after it was copied");
    }
  }

  private static SourceChangedException kept(Sides sides, String how) {
    return new SourceChangedException(
        sides.source(), sides.target(), how + "; the copy was kept, too");
  }
}
