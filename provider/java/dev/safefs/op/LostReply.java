package dev.safefs.op;

import dev.safefs.handle.Capability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/**
 * A rename whose failure is not believed where a server may have done it and its reply was lost;
 * rename(2), BUGS. If the source's name is gone and the target is the file that had it, held open
 * since before, it was done. Promises M1 and M2.
 */
final class LostReply {

  private LostReply() {}

  /** Renames by one call, as {@link Rename#call} does. */
  static RenameResult rename(Sides sides, Replace replace) throws IOException {
    if (sides.to().dir().capabilities().mayHave(Capability.LOCAL)) {
      return Rename.call(sides, replace);
    }
    Optional<FileHandle> found = sides.from().dir().find(sides.from().name());
    if (found.isEmpty()) {
      return RenameResult.ABSENT;
    }
    try (FileHandle pinned = found.get()) {
      Stat before = pinned.stat();
      RenameResult result;
      try {
        result = Rename.call(sides, replace);
      } catch (FileSystemException e) {
        if (!wasDone(sides, before, e)) {
          throw e;
        }
        return RenameResult.RENAMED;
      }
      boolean repeated = result == RenameResult.ABSENT || result == RenameResult.EXISTS;
      return repeated && isMoved(sides, before) ? RenameResult.RENAMED : result;
    }
  }

  private static boolean wasDone(Sides sides, Stat before, FileSystemException failure) {
    try {
      return isMoved(sides, before);
    } catch (IOException e) {
      failure.addSuppressed(e);
      return false;
    }
  }

  private static boolean isMoved(Sides sides, Stat before) throws IOException {
    return sides.targetIs(before) && sides.from().dir().stat(sides.from().name()).isEmpty();
  }
}
