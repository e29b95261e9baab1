package dev.safefs.sys;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Keeps frames for reuse: at most {@value #SLOTS}, whatever the number of threads, virtual ones
 * included.
 *
 * <p>No thread ever waits: one that finds no free frame makes a new one, and a frame that finds no
 * free slot is dropped.
 */
final class FramePool {
  private static final int SLOTS = 32;

  private final AtomicReferenceArray<@Nullable Frame> slots = new AtomicReferenceArray<>(SLOTS);
  private final Trap.Factory traps;

  FramePool(Trap.Factory traps) {
    this.traps = traps;
  }

  /** Takes a frame, which nobody else has until it is closed. */
  Frame take() {
    int home = home();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (home + i) % SLOTS;
      if (slots.getPlain(slot) != null) {
        Frame frame = slots.getAndSet(slot, null);
        if (frame != null) {
          return frame;
        }
      }
    }
    return new Frame(this, traps);
  }

  /** Takes a frame back; for {@link Frame#close}. */
  void give(Frame frame) {
    int home = home();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (home + i) % SLOTS;
      if (slots.getPlain(slot) == null && slots.compareAndSet(slot, null, frame)) {
        return;
      }
    }
  }

  // Threads start at different slots, so that few of them share a cache line.
  private static int home() {
    return (int) (Thread.currentThread().getId() % SLOTS);
  }
}
