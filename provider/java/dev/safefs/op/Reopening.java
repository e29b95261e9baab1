package dev.safefs.op;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import java.io.IOException;

/**
 * What a copy between engines needs of both: files that can be looked at while they are open. A
 * file system of zip entries shows a file only when it is closed, so that none is pending there,
 * and renames none.
 */
final class Reopening {

  private Reopening() {}

  /**
   * Refuses a copy to a place that shows no open files, if it is of another engine.
   *
   * @param source what is to be copied
   * @param to where
   * @throws GuaranteeUnavailableException if it shows none
   */
  static void require(FileHandle source, ParentRef to) throws IOException {
    require(source, to, to, "C2 (whole copies)");
  }

  /**
   * Refuses a move between two places of which one shows no open files, if they are of two engines.
   *
   * @param source what is to be moved
   * @param sides where from and to
   * @throws GuaranteeUnavailableException if one shows none
   */
  static void require(FileHandle source, Sides sides) throws IOException {
    require(source, sides.to(), sides.from(), "M3 (the source is removed only if it was copied)");
    require(source, sides.to(), sides.to(), "M3 (whole copies)");
  }

  private static void require(FileHandle source, ParentRef to, ParentRef asked, String promise)
      throws IOException {
    if (asked.dir().capabilities().mayHave(Capability.REOPEN)) {
      return;
    }
    try (FileHandle target = to.dir().self()) {
      if (!source.sharesEngineWith(target)) {
        throw new GuaranteeUnavailableException(
            asked.display(), null, promise + " cannot be kept: this provider shows no open files");
      }
    }
  }
}
