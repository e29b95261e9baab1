package dev.safefs.sys;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Keeps frames for reuse: at most {@value #SLOTS}, whatever the number of threads, virtual ones
 * included.
 *
 * <p>A thread that finds no free frame makes a new one, and a frame that finds no free slot is
 * dropped. Nobody waits, but where there is no memory for a new one: others give theirs back as
 * soon as they leave the kernel, and who is refused one cannot even close a descriptor.
 */
final class FramePool {
  private static final int SLOTS = 32;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofMillis(1);

  private final AtomicReferenceArray<@Nullable Frame> slots = new AtomicReferenceArray<>(SLOTS);
  private final Trap.Factory traps;

  FramePool(Trap.Factory traps) {
    this.traps = traps;
  }

  /**
   * Takes a frame, which nobody else has until it is closed.
   *
   * @throws OutOfMemoryError if there is no memory for one, and none is given back in ten seconds
   */
  Frame take() {
    Frame free = free();
    if (free != null) {
      return free;
    }
    try {
      return new Frame(this, traps);
    } catch (OutOfMemoryError e) {
      return givenBack(e);
    }
  }

  private Frame givenBack(OutOfMemoryError refusal) {
    long begin = System.nanoTime();
    Frame free = free();
    while (free == null) {
      if (System.nanoTime() - begin > LONGEST_WAIT.toNanos()) {
        throw refusal;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      free = free();
    }
    return free;
  }

  private @Nullable Frame free() {
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
    return null;
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
