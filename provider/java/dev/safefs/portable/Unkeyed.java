package dev.safefs.portable;

import dev.safefs.handle.FileType;
import java.io.IOException;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The nodes in use of a delegate without file keys, where any number of files may be alike: one for
 * each name, and one for two names if this engine linked them, or if the delegate says that they
 * are one file. It is asked about the newest of those in use that are alike, so that a name that
 * was not seen before costs no more in a large tree than in a small one. Two names of which nobody
 * knows count as two files.
 */
final class Unkeyed {
  private static final int ASKED_ABOUT = 4;

  private final FileSystemProvider provider;
  private final Names names;
  private final Map<Node.Spot, Entry> bySpot = new HashMap<>();
  private final Map<Object, Deque<Entry>> newest = new HashMap<>();
  private final ReferenceQueue<Node> forgotten = new ReferenceQueue<>();

  Unkeyed(FileSystemProvider provider, Names names) {
    this.provider = provider;
    this.names = names;
  }

  /** A node, by one of its names, or by none if it is a root. */
  private static final class Entry extends WeakReference<Node> {
    private final Object key;
    private final Optional<Node.Spot> spot;

    Entry(Node node, Optional<Node.Spot> spot, ReferenceQueue<Node> queue) {
      super(node, queue);
      this.key = node.key();
      this.spot = spot;
    }
  }

  Node seen(WeakKey.Core key, Node.Spot spot) {
    Optional<Node> known = at(key, spot);
    if (known.isPresent()) {
      return known.get();
    }
    if (key.type() != FileType.SYMLINK) {
      for (Entry entry : newest(key)) {
        Node node = entry.get();
        if (node != null && isAlso(node, spot)) {
          linked(node, spot);
          return node;
        }
      }
    }
    return create(key, spot);
  }

  synchronized Node root(Object key, Path path) {
    for (Entry entry : newest(key)) {
      Node node = entry.get();
      if (node != null && node.isAt(path)) {
        return node;
      }
    }
    Node node = Node.root(key, path);
    remember(node, Optional.empty());
    return node;
  }

  synchronized void moved(Object key, Node.Spot from, Node.Spot to) {
    Optional<Node> node = at(key, from);
    removed(from);
    removed(to);
    node.ifPresent(file -> linked(file, to));
  }

  synchronized void linked(Node file, Node.Spot spot) {
    removed(spot);
    file.add(spot.parent(), spot.name());
    remember(file, Optional.of(spot));
  }

  synchronized void removed(Node.Spot spot) {
    Entry entry = bySpot.remove(spot);
    Node node = entry == null ? null : entry.get();
    if (node != null) {
      node.remove(spot.parent(), spot.name());
    }
  }

  private synchronized Optional<Node> at(Object key, Node.Spot spot) {
    Entry entry = bySpot.get(spot);
    return entry != null && entry.key.equals(key)
        ? Optional.ofNullable(entry.get())
        : Optional.empty();
  }

  private synchronized List<Entry> newest(Object key) {
    return List.copyOf(newest.getOrDefault(key, new ArrayDeque<>()));
  }

  /** Makes a node, unless another thread did meanwhile. */
  private synchronized Node create(Object key, Node.Spot spot) {
    Optional<Node> known = at(key, spot);
    if (known.isPresent()) {
      return known.get();
    }
    Node node = Node.of(key);
    linked(node, spot);
    return node;
  }

  /** Asks the delegate about a hard link, or the same name in other letters. */
  private boolean isAlso(Node node, Node.Spot spot) {
    if (node.isGone()) {
      return false;
    }
    Path path = spot.parent().path(names).resolve(names.path(spot.name()));
    try {
      return provider.isSameFile(node.path(names), path);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private void remember(Node node, Optional<Node.Spot> spot) {
    for (Reference<? extends Node> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
      forget((Entry) gone);
    }
    Entry entry = new Entry(node, spot, forgotten);
    spot.ifPresent(name -> bySpot.put(name, entry));
    Deque<Entry> alike = newest.computeIfAbsent(entry.key, ignored -> new ArrayDeque<>());
    alike.addFirst(entry);
    if (alike.size() > ASKED_ABOUT) {
      alike.removeLast();
    }
  }

  private void forget(Entry entry) {
    entry.spot.ifPresent(name -> bySpot.remove(name, entry));
    Deque<Entry> alike = newest.getOrDefault(entry.key, new ArrayDeque<>());
    for (Iterator<Entry> each = alike.iterator(); each.hasNext(); ) {
      if (each.next() == entry) {
        each.remove();
      }
    }
    if (alike.isEmpty()) {
      newest.remove(entry.key);
    }
  }
}
