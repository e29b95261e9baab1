package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.op.CopyPlan.Trait;
import dev.safefs.request.Access;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;

/**
 * The copy of one regular file within a tree that nobody sees yet, made under its own name at once.
 */
final class StagedCopy {
  private static final int PRIVATE_FILE = 0600;
  private static final int PERMISSIONS = 0777;

  private StagedCopy() {}

  /**
   * Copies.
   *
   * @param source the file, not owned
   * @param stat its attributes, read from it
   * @param to the name of the copy, in a private directory; not owned
   * @param plan how
   * @throws IOException if it fails; nothing of the copy is left
   */
  static void run(FileHandle source, Stat stat, ParentRef to, CopyPlan plan) throws IOException {
    long begin = System.nanoTime();
    int mode = plan.has(Trait.ATTRIBUTES) ? PRIVATE_FILE : stat.mode() & PERMISSIONS;
    try (FileHandle readable = source.reopen(Access.READ);
        FileHandle made =
            to.dir()
                .create(to.name(), mode)
                .orElseThrow(() -> new FileAlreadyExistsException(to.display()))) {
      try {
        fill(readable, stat, made, plan);
      } catch (IOException | RuntimeException | Error e) {
        Cleanup.close(() -> to.dir().unlink(to.name()), e);
        throw e;
      }
    }
    long lasted = System.nanoTime() - begin;
    FlightRecorder.copied(source::display, to::display, stat.sizeBytes(), lasted);
  }

  private static void fill(FileHandle readable, Stat stat, FileHandle made, CopyPlan plan)
      throws IOException {
    plan.monitor().progressed(0, stat.sizeBytes());
    readable.copyContentTo(made, plan.reflink(), plan.monitor());
    if (plan.has(Trait.STABLE)) {
      requireUnchanged(stat, readable);
    }
    if (plan.has(Trait.ATTRIBUTES)) {
      CopiedAttributes.apply(readable, stat, made, readable.display(), plan.config().strictness());
    }
    if (plan.durability() != Durability.NONE) {
      ContentSync.run(made, readable.display(), plan.config().strictness());
    }
  }

  private static void requireUnchanged(Stat before, FileHandle file) throws IOException {
    Stat now = file.stat();
    if (now.sizeBytes() != before.sizeBytes()
        || !now.modified().equals(before.modified())
        || !now.changed().equals(before.changed())) {
      throw new SourceChangedException(file.display(), null, "changed while it was copied");
    }
  }
}
