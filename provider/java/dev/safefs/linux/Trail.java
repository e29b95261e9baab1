package dev.safefs.linux;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The way from a root down to where a walk is: the names, and the last directories held open. To go
 * up is to take the directory before, never to open {@code ..}; one that is no longer held is
 * reached again from the root, by its names.
 */
final class Trail implements AutoCloseable {
  private static final int HELD = 64;

  private final Fd root;
  private final List<String> names = new ArrayList<>();
  private final Deque<Fd> held = new ArrayDeque<>();

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
    Fd last = held.peekLast();
    return last == null ? root : last;
  }

  boolean isAtRoot() {
    return names.isEmpty();
  }

  /** Goes down. Takes over the descriptor. */
  void push(String name, Fd dir) {
    names.add(name);
    held.addLast(dir);
    if (held.size() > HELD) {
      held.removeFirst().close();
    }
  }

  /** Goes up one directory; the trail must not be at the root. */
  void pop(Step step) throws IOException {
    names.remove(names.size() - 1);
    held.removeLast().close();
    if (held.isEmpty() && !names.isEmpty()) {
      descendAgain(step);
    }
  }

  /** Goes back to the root. */
  void reset() {
    names.clear();
    close();
  }

  /** Gives the last directory away; the trail must not be at the root. */
  Fd detach() {
    return held.removeLast();
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
    held.forEach(Fd::close);
    held.clear();
  }

  private void descendAgain(Step step) throws IOException {
    List<String> again = List.copyOf(names);
    names.clear();
    for (String name : again) {
      push(name, step.open(top(), name));
    }
  }
}
