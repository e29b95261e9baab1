package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Frames are reused, never shared, and their number is bounded. */
@Tag("sys")
class FramePoolTest {
  private static final int MORE_THAN_SLOTS = 100;

  private final AtomicInteger made = new AtomicInteger();
  private final FramePool pool =
      new FramePool(
          memory -> {
            made.incrementAndGet();
            return new EchoTrap(memory);
          });

  @Test
  void oneThreadUsesOneFrame() {
    for (int i = 0; i < MORE_THAN_SLOTS; i++) {
      pool.take().close();
    }
    assertThat(made).hasValue(1);
  }

  @Test
  void framesInUseAreDistinct() {
    Set<Frame> taken = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < MORE_THAN_SLOTS; i++) {
      taken.add(pool.take());
    }
    assertThat(taken).hasSize(MORE_THAN_SLOTS);
  }

  @Test
  void noMoreThanTheSlotsAreKept() {
    List<Frame> taken = new ArrayList<>();
    for (int i = 0; i < MORE_THAN_SLOTS; i++) {
      taken.add(pool.take());
    }
    taken.forEach(Frame::close);
    for (int i = 0; i < MORE_THAN_SLOTS; i++) {
      pool.take();
    }
    assertThat(made).hasValueBetween(MORE_THAN_SLOTS + 1, 2 * MORE_THAN_SLOTS - 1);
  }

  /** Closing a descriptor takes a frame, too: without one it would be lost. */
  @Test
  @Tag("K3")
  void whoFindsNoMemoryForAFrameGetsOneThatIsGivenBack() throws Exception {
    CountDownLatch refused = new CountDownLatch(1);
    FramePool full =
        new FramePool(
            memory -> {
              if (made.getAndIncrement() > 0) {
                refused.countDown();
                throw new OutOfMemoryError("played");
              }
              return new EchoTrap(memory);
            });
    Frame only = full.take();
    FutureTask<Frame> other = new FutureTask<>(full::take);
    Thread thread = new Thread(other, "other");
    thread.start();
    refused.await();
    only.close();
    assertThat(other.get(10, TimeUnit.SECONDS)).isSameAs(only);
  }

  private record EchoTrap(ByteBuffer memory) implements Trap {
    @Override
    public long address() {
      return 0;
    }

    @Override
    public long syscall5(int number, long a, long b, long c, long d, long e) {
      return number;
    }

    @Override
    public long syscall6(int number, long a, long b, long c, long d, long e, long f) {
      return number;
    }
  }
}
