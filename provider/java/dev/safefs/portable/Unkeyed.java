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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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
  private final Map<Path, Entry> roots = new HashMap<>();
  private final Map<FileType, Deque<Entry>> newest = new EnumMap<>(FileType.class);
  private final ReferenceQueue<Node> forgotten = new ReferenceQueue<>();

  Unkeyed(FileSystemProvider provider, Names names) {
    this.provider = provider;
    this.names = names;
  }

  /** A node, and how to forget it. */
  private static final class Entry extends WeakReference<Node> {
    private final Consumer<Entry> forget;

    Entry(Node node, ReferenceQueue<Node> queue, Consumer<Entry> forget) {
      super(node, queue);
      this.forget = forget;
    }

    Optional<Node> node(WeakKey.Core key) {
      return Optional.ofNullable(get()).filter(node -> node.key().equals(key));
    }
  }

  Node seen(WeakKey.Core key, Node.Spot spot) {
    Optional<Node> known = at(key, spot);
    if (known.isPresent()) {
      return known.get();
    }
    if (key.type() != FileType.SYMLINK) {
      for (Entry entry : newest(key.type())) {
        Optional<Node> node = entry.node(key).filter(alike -> isAlso(alike, spot));
        if (node.isPresent()) {
          linked(node.get(), spot);
          return node.get();
        }
      }
    }
    return create(key, spot);
  }

  synchronized Node root(WeakKey.Core key, Path path) {
    Entry entry = roots.get(path);
    Optional<Node> known = entry == null ? Optional.empty() : entry.node(key);
    if (known.isPresent()) {
      return known.get();
    }
    Node node = Node.root(key, path);
    roots.put(path, entry(node, gone -> roots.remove(path, gone)));
    return node;
  }

  synchronized void moved(WeakKey.Core key, Node.Spot from, Node.Spot to) {
    Optional<Node> node = at(key, from);
    removed(from);
    removed(to);
    node.ifPresent(file -> linked(file, to));
  }

  synchronized void linked(Node file, Node.Spot spot) {
    removed(spot);
    file.add(spot.parent(), spot.name());
    bySpot.put(spot, entry(file, gone -> bySpot.remove(spot, gone)));
    Deque<Entry> alike = newest.computeIfAbsent(type(file), ignored -> new ArrayDeque<>());
    alike.addFirst(entry(file, alike::remove));
    if (alike.size() > ASKED_ABOUT) {
      alike.removeLast();
    }
  }

  synchronized void removed(Node.Spot spot) {
    Entry entry = bySpot.remove(spot);
    Node node = entry == null ? null : entry.get();
    if (node != null) {
      node.remove(spot.parent(), spot.name());
    }
  }

  private synchronized Optional<Node> at(WeakKey.Core key, Node.Spot spot) {
    Entry entry = bySpot.get(spot);
    Optional<Node> node = entry == null ? Optional.empty() : entry.node(key);
    if (key.created().isPresent()) {
      node.ifPresent(known -> known.refine(key));
    }
    return node;
  }

  private synchronized List<Entry> newest(FileType type) {
    return List.copyOf(newest.getOrDefault(type, new ArrayDeque<>()));
  }

  /** Makes a node, unless another thread did meanwhile. */
  private synchronized Node create(WeakKey.Core key, Node.Spot spot) {
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

  private Entry entry(Node node, Consumer<Entry> forget) {
    for (Reference<? extends Node> gone = forgotten.poll(); gone != null; gone = forgotten.poll()) {
      Entry entry = (Entry) gone;
      entry.forget.accept(entry);
    }
    return new Entry(node, forgotten, forget);
  }

  private static FileType type(Node node) {
    return ((WeakKey.Core) node.key()).type();
  }
}
