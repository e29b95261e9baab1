package dev.safefs.linux;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The way from a root down to where a walk is: the names, and a few of the directories held open.
 * To go up is to take the directory before, never to open {@code ..}; one that is no longer held is
 * reached again from the nearest one above it, by its names. Promise R7.
 *
 * <p>Those held lie the farther apart the farther up they are, so that a way down and up costs
 * little more than one down.
 */
final class Trail implements AutoCloseable {
  private static final int MOST_HELD = 12;

  private final Fd root;
  private final List<String> names = new ArrayList<>();
  private final List<Held> held = new ArrayList<>();

  /**
   * A directory held open.
   *
   * @param depth how many names lead to it
   */
  private record Held(int depth, Fd dir) {}

  /** Opens a directory in another, no link. */
  @FunctionalInterface
  interface Step {
    Fd open(Fd dir, String name) throws IOException;
  }

  Trail(Fd root) {
    this.root = root;
  }

  /** Returns the directory where the walk is. It stays owned by the trail. */
  Fd top() {
    return held.isEmpty() ? root : last().dir();
  }

  boolean isAtRoot() {
    return names.isEmpty();
  }

  /** Goes down. Takes over the descriptor. */
  void push(String name, Fd dir) {
    names.add(name);
    hold(names.size(), dir);
  }

  /** Goes up one directory; the trail must not be at the root. */
  void pop(Step step) throws IOException {
    names.remove(names.size() - 1);
    held.remove(held.size() - 1).dir().close();
    for (int depth = heldDepth(); depth < names.size(); depth++) {
      hold(depth + 1, step.open(top(), names.get(depth)));
    }
  }

  /** Goes back to the root. */
  void reset() {
    names.clear();
    close();
  }

  /** Gives the last directory away; the trail must not be at the root. */
  Fd detach() {
    return held.remove(held.size() - 1).dir();
  }

  /**
   * Returns the absolute text of a name where the walk is, or of the place itself if the name is
   * empty.
   */
  String text(String name) {
    String dir = names.isEmpty() ? "" : "/" + String.join("/", names);
    return name.isEmpty() ? (dir.isEmpty() ? "/" : dir) : dir + "/" + name;
  }

  @Override
  public void close() {
    held.forEach(each -> each.dir().close());
    held.clear();
  }

  private Held last() {
    return held.get(held.size() - 1);
  }

  private int heldDepth() {
    return held.isEmpty() ? 0 : last().depth();
  }

  private void hold(int depth, Fd dir) {
    held.add(new Held(depth, dir));
    if (held.size() > MOST_HELD) {
      held.remove(leastMissed()).dir().close();
    }
  }

  /** Finds the one whose neighbours lie closest, as seen from the last one, which stays. */
  private int leastMissed() {
    int best = 0;
    double least = Double.MAX_VALUE;
    int above = 0;
    for (int i = 0; i < held.size() - 1; i++) {
      int depth = held.get(i).depth();
      double cost = (double) (held.get(i + 1).depth() - above) / (last().depth() - depth);
      if (cost < least) {
        least = cost;
        best = i;
      }
      above = depth;
    }
    return best;
  }
}
