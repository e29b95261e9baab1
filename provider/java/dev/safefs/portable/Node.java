package dev.safefs.portable;

import dev.safefs.handle.Name;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file or directory in use, and the names it is known to have. A delegate finds files by name
 * only, so handles of one file share its node, and a rename by this engine takes them along. Names
 * are hints: whoever uses one compares keys.
 */
final class Node {
  private final Optional<Path> fixed;
  private final Set<Spot> spots = new LinkedHashSet<>();
  private final Set<FileChannel> contents = new LinkedHashSet<>();
  private final Set<FileChannel> late = new LinkedHashSet<>();
  private Optional<Spot> last = Optional.empty();
  private volatile Object key;
  private volatile boolean written;

  /** A name of a node. */
  record Spot(Node parent, Name name) {}

  private Node(Object key, Optional<Path> fixed) {
    this.key = key;
    this.fixed = fixed;
  }

  /** Returns a node that is where it is. */
  static Node root(Object key, Path path) {
    return new Node(key, Optional.of(path));
  }

  /** Returns a node without a name yet. */
  static Node of(Object key) {
    return new Node(key, Optional.empty());
  }

  /** Returns what the delegate tells files apart by. */
  Object key() {
    return key;
  }

  /** Is told a key that is equal and says more. */
  void refine(WeakKey.Core better) {
    key = better;
  }

  /** Makes a name known, as the newest. */
  void add(Node parent, Name name) {
    Spot spot = new Spot(parent, name);
    synchronized (spots) {
      spots.remove(spot);
      spots.add(spot);
      last = Optional.of(spot);
    }
  }

  void remove(Node parent, Name name) {
    synchronized (spots) {
      spots.remove(new Spot(parent, name));
    }
  }

  /** Tells whether both are of one file. Nodes of the delegate's roots may be several. */
  boolean isSameAs(Node other) {
    return this == other || !(key instanceof WeakKey.Core) && key.equals(other.key);
  }

  /** Tells whether this engine knows no name of it any more. */
  boolean isGone() {
    return fixed.isEmpty() && spots().isEmpty();
  }

  /** Is told that this process begins to write a file that it made. */
  void beginsWriting() {
    written = true;
  }

  /** Is told that it has been written. */
  void endsWriting() {
    written = false;
  }

  boolean isWritten() {
    return written;
  }

  /** Returns the known names, newest first. */
  List<Spot> spots() {
    synchronized (spots) {
      List<Spot> newestFirst = new ArrayList<>(spots);
      Collections.reverse(newestFirst);
      return newestFirst;
    }
  }

  private Spot newest() {
    synchronized (spots) {
      return spots.isEmpty() ? last.orElseThrow() : spots().get(0);
    }
  }

  /** Is told that a handle opened its content. */
  void opened(FileChannel content) {
    synchronized (contents) {
      contents.add(content);
    }
  }

  /** Is told the same of one that may write the file when it is closed. */
  void openedLate(FileChannel content) {
    synchronized (contents) {
      late.add(content);
    }
  }

  void closed(FileChannel content) {
    synchronized (contents) {
      contents.remove(content);
      late.remove(content);
    }
  }

  /**
   * Closes the content of every handle, so that a delegate lets the file be removed that removes no
   * open files. Channels that were given out stay open.
   *
   * @return whether there was any
   */
  boolean closeContents() throws IOException {
    boolean wereLate = closeLate();
    return close(contents) || wereLate;
  }

  /** Closes the content of every handle that may write the file when it is closed. */
  boolean closeLate() throws IOException {
    return close(late);
  }

  private boolean close(Set<FileChannel> some) throws IOException {
    List<FileChannel> open;
    synchronized (contents) {
      open = List.copyOf(some);
      some.clear();
    }
    for (FileChannel content : open) {
      content.close();
    }
    return !open.isEmpty();
  }

  /** Returns the path by the newest names, or by the last one of what is gone. */
  Path path(Names names) {
    Deque<Name> down = new ArrayDeque<>();
    Node node = this;
    while (node.fixed.isEmpty()) {
      Spot spot = node.newest();
      down.push(spot.name());
      node = spot.parent();
    }
    Path path = node.fixed.get();
    for (Name name : down) {
      path = path.resolve(names.path(name));
    }
    return path;
  }
}
