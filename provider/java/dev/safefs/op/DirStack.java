package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from a directory down to one far beneath it, with a bounded number of descriptors.
 * Promises D2 and R7.
 *
 * <p>Levels that are far up are closed and opened again, name by name from the nearest open one,
 * when the way leads up to them. Those kept open lie the farther apart the farther up they are, so
 * that a way down and up costs little more than one down. A level that is opened again must be the
 * same directory, or the way ends with an exception.
 */
final class DirStack implements Closeable {
  private static final int MOST_OPEN = 12;

  private final List<Level> levels = new ArrayList<>();
  private int open;

  private static final class Level {
    final @Nullable Name name;
    @Nullable Dir dir;
    @Nullable Stat closedAs;

    Level(@Nullable Name name, Dir dir) {
      this.name = name;
      this.dir = dir;
    }
  }

  /**
   * Begins at a directory.
   *
   * @param base not owned, to stay open
   */
  DirStack(Dir base) {
    levels.add(new Level(null, base));
  }

  /** Returns how many levels there are above the base. */
  int depth() {
    return levels.size() - 1;
  }

  /**
   * Returns the deepest directory. Not to be closed.
   *
   * @throws RaceDetectedException if another directory has its name by now
   * @throws IOException if it cannot be opened again
   */
  Dir top() throws IOException {
    int target = depth();
    int from = target;
    Dir dir = levels.get(from).dir;
    while (dir == null) {
      from--;
      dir = levels.get(from).dir;
    }
    for (int i = from + 1; i <= target; i++) {
      dir = reopen(levels.get(i), dir);
      evict(i);
    }
    return dir;
  }

  /**
   * Goes down into a directory.
   *
   * @param name a name in the deepest directory
   * @throws IOException if it is no directory or cannot be opened; then nothing changed
   */
  void push(Name name) throws IOException {
    Dir dir = top().openDir(name);
    levels.add(new Level(name, dir));
    open++;
    evict(depth());
  }

  /**
   * Goes up.
   *
   * @return the name of the directory that was the deepest
   */
  Name pop() throws IOException {
    Level level = levels.remove(depth());
    closeLevel(level);
    if (level.name == null) {
      throw new IllegalStateException("above the base");
    }
    return level.name;
  }

  private Dir reopen(Level level, Dir above) throws IOException {
    if (level.name == null) {
      throw new IllegalStateException("the base is closed");
    }
    Dir dir = above.openDir(level.name);
    try {
      if (level.closedAs == null || !statOf(dir).isSameFile(level.closedAs)) {
        throw new RaceDetectedException(
            above.display(level.name), null, "replaced while the tree was walked");
      }
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(dir, e);
      throw e;
    }
    level.dir = dir;
    open++;
    return dir;
  }

  /** Closes the level whose neighbours lie closest, as seen from a level that stays open. */
  private void evict(int seenFrom) throws IOException {
    while (open > MOST_OPEN) {
      int best = -1;
      double least = Double.MAX_VALUE;
      int previous = 0;
      for (int i = 1; i < seenFrom; i++) {
        if (levels.get(i).dir == null) {
          continue;
        }
        double cost = (double) (nextOpen(i) - previous) / (seenFrom - i);
        if (cost < least) {
          least = cost;
          best = i;
        }
        previous = i;
      }
      if (best < 0) {
        return;
      }
      Level level = levels.get(best);
      Dir dir = level.dir;
      if (dir != null && level.closedAs == null) {
        level.closedAs = statOf(dir);
      }
      closeLevel(level);
    }
  }

  private int nextOpen(int from) {
    int next = from + 1;
    while (next < levels.size() - 1 && levels.get(next).dir == null) {
      next++;
    }
    return next;
  }

  private void closeLevel(Level level) throws IOException {
    Dir dir = level.dir;
    if (dir != null) {
      level.dir = null;
      open--;
      dir.close();
    }
  }

  private static Stat statOf(Dir dir) throws IOException {
    try (FileHandle self = dir.self()) {
      return self.stat();
    }
  }

  @Override
  public void close() throws IOException {
    while (depth() > 0) {
      pop();
    }
  }
}
