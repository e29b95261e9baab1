package dev.safefs.portable;

import dev.safefs.handle.Name;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The nodes in use, one for each file. Forgets those that nobody holds. */
final class Nodes {
  private final Map<Object, Entry> byKey = new HashMap<>();
  private final ReferenceQueue<Node> forgotten = new ReferenceQueue<>();

  private static final class Entry extends WeakReference<Node> {
    private final Object key;

    Entry(Node node, ReferenceQueue<Node> queue) {
      super(node, queue);
      this.key = node.key();
    }
  }

  /** Returns the node of a file that was just seen under a name. */
  synchronized Node seen(Object key, Node parent, Name name) {
    Node node = find(key).orElseGet(() -> create(key));
    node.add(parent, name);
    return node;
  }

  /** Is told that this engine renamed a file. */
  synchronized void moved(Object key, Node.Spot from, Node.Spot to) {
    find(key)
        .ifPresent(
            node -> {
              node.remove(from.parent(), from.name());
              node.add(to.parent(), to.name());
            });
  }

  /** Returns the node of a file if it is in use. */
  synchronized Optional<Node> inUse(Object key) {
    return find(key);
  }

  private Optional<Node> find(Object key) {
    Entry entry = byKey.get(key);
    return entry == null ? Optional.empty() : Optional.ofNullable(entry.get());
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
