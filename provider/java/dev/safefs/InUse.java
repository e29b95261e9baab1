package dev.safefs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is known of objects as long as they are in use. Not safe for use by several threads.
 *
 * <p>That one is over is not waited for until the garbage collector finds it: what is known of each
 * would have to be copied by it first, and a program that opens many files would have pauses of
 * half a second from that.
 *
 * @param <K> the objects
 * @param <V> what is known of each
 */
final class InUse<K, V> {
  private static final int FEW = 64;

  /** Weak, because one may be abandoned without being closed. */
  private final Map<K, V> known = new WeakHashMap<>();

  private final Predicate<? super K> isOver;
  private int tolerated = FEW;

  /**
   * Creates one that knows nothing.
   *
   * @param isOver tells of an object whether it may be forgotten
   */
  InUse(Predicate<? super K> isOver) {
    this.isOver = isOver;
  }

  /** Remembers something of an object. Now and then forgets those that are over. */
  void put(K object, V value) {
    known.put(object, value);
    if (known.size() > tolerated) {
      known.keySet().removeIf(isOver);
      // So that each look at all is paid for by as many objects that have come since.
      tolerated = Math.max(FEW, 2 * known.size());
    }
  }

  /** Returns what is known of an object, or null. */
  @Nullable V get(K object) {
    return known.get(object);
  }

  /** Returns the objects, perhaps with some that are over. */
  List<K> objects() {
    return new ArrayList<>(known.keySet());
  }
}
