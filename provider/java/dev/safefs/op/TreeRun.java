package dev.safefs.op;

import dev.safefs.handle.Dir;
import dev.safefs.handle.Name;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One run of an operation on a tree: what it has done, and what failed. */
final class TreeRun {
  /** More failures than anybody reads would only fill the heap. */
  private static final int MOST_SUPPRESSED = 100;

  private final TreePlan plan;
  private long entries;
  private long bytes;
  private int collected;
  private @Nullable IOException first;

  TreeRun(TreePlan plan) {
    this.plan = plan;
  }

  /** Counts an entry. */
  void done(long copiedBytes, String path) throws IOException {
    if (plan.monitor() == TreePlan.Monitor.NONE) {
      return;
    }
    entries++;
    bytes += copiedBytes;
    plan.monitor().progressed(entries, bytes, path);
  }

  /** Counts an entry, whose path is made only if somebody wants to know. */
  void done(Dir dir, Name name) throws IOException {
    if (plan.monitor() != TreePlan.Monitor.NONE) {
      done(0, dir.display(name));
    }
  }

  /**
   * Tells whether the first failure ends the run, and nobody is told of progress, so that no order
   * can be seen.
   */
  boolean isPlain() {
    return plan.monitor() == TreePlan.Monitor.NONE && plan.failures() == TreePlan.STOP.failures();
  }

  /** Takes a failure, and throws it if it ends the run. */
  void failed(String path, IOException failure) throws IOException {
    switch (plan.failures().failed(path, failure)) {
      case STOP -> throw failure;
      case COLLECT -> {
        IOException earlier = first;
        if (earlier == null) {
          first = failure;
        } else if (collected++ < MOST_SUPPRESSED && earlier != failure) {
          earlier.addSuppressed(failure);
        }
      }
      case IGNORE -> {}
    }
  }

  /** Tells whether a failure was collected. */
  boolean hasFailed() {
    return first != null;
  }

  /** Throws what was collected. */
  void finish() throws IOException {
    if (first != null) {
      throw first;
    }
  }
}
