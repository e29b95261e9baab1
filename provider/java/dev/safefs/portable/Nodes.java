package dev.safefs.portable;

import dev.safefs.handle.Name;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes in use, one for each file. Forgets those that nobody holds. */
final class Nodes {
  private final Map<Object, Entry> byKey = new HashMap<>();
  private final ReferenceQueue<Node> forgotten = new ReferenceQueue<>();
  private final Unkeyed unkeyed;

  Nodes(FileSystemProvider provider, Names names) {
    this.unkeyed = new Unkeyed(provider, names);
  }

  private static final class Entry extends WeakReference<Node> {
    private final Object key;

    Entry(Node node, ReferenceQueue<Node> queue) {
      super(node, queue);
      this.key = node.key();
    }
  }

  /** Returns the node of a file that was just seen under a name. */
  Node seen(Object key, Node parent, Name name) {
    if (key instanceof WeakKey.Core weak) {
      return unkeyed.seen(weak, new Node.Spot(parent, name));
    }
    Node node = keyed(key);
    node.add(parent, name);
    return node;
  }

  /** Returns the node of a directory that was just seen at a path, where it is to stay. */
  Node root(Object key, Path path) {
    return key instanceof WeakKey.Core weak ? unkeyed.root(weak, path) : Node.root(key, path);
  }

  /** Is told that this engine renamed a file. */
  void moved(Object key, Node.Spot from, Node.Spot to) {
    if (key instanceof WeakKey.Core weak) {
      unkeyed.moved(weak, from, to);
      return;
    }
    Node node = inUse(key);
    if (node != null) {
      node.remove(from.parent(), from.name());
      node.add(to.parent(), to.name());
    }
  }

  /** Is told that this engine gave a file in use another name. */
  void linked(Node file, Node.Spot spot) {
    if (file.key() instanceof WeakKey.Core) {
      unkeyed.linked(file, spot);
    } else {
      file.add(spot.parent(), spot.name());
    }
  }

  /**
   * Is told that this engine took a name from a file. One with a key of the delegate's is told from
   * the next one by that.
   */
  void removed(Node.Spot spot) {
    unkeyed.removed(spot);
  }

  private synchronized Node keyed(Object key) {
    Node known = inUse(key);
    return known == null ? create(key) : known;
  }

  private synchronized @Nullable Node inUse(Object key) {
    Entry entry = byKey.get(key);
    return entry == null ? null : entry.get();
  }

  private Node create(Object key) {
    for (Reference<? extends Node> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
      byKey.remove(((Entry) gone).key, gone);
    }
    Node node = Node.of(key);
    byKey.put(key, new Entry(node, forgotten));
    return node;
  }
}
