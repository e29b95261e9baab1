package demo;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Another thread, which acts once in each round, at another moment of what is done meanwhile: of
 * two that are let go at once the same one may always be first.
 */
public final class Rival implements AutoCloseable {
  private static final int MOMENTS = 32;
  private static final long SLEEP_NANOS = 100_000;

  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private volatile long lastedNanos;
  private final Adversary adversary;

  /** Starts the thread, which waits for the first round. */
  public Rival(Adversary.Step act) {
    this.adversary = new Adversary(() -> follow(act));
  }

  private void follow(Adversary.Step act) throws IOException, InterruptedException {
    int round = started.get();
    if (ended.get() == round) {
      Thread.yield();
      return;
    }
    await(lastedNanos * (round % MOMENTS) / MOMENTS);
    act.run();
    ended.set(round);
  }

  /** Sleeps where it can: a thread that wakes up gets the processor, also of a machine with one. */
  private static void await(long nanos) {
    long start = System.nanoTime();
    if (nanos > SLEEP_NANOS) {
      LockSupport.parkNanos(nanos);
    }
    while (System.nanoTime() - start < nanos) {
      Thread.onSpinWait();
    }
  }

  /** Does this while the rival acts, and returns when both are done. */
  public void meet(Adversary.Step step) throws IOException, InterruptedException {
    long start = System.nanoTime();
    int round = started.incrementAndGet();
    Thread.yield();
    step.run();
    lastedNanos = System.nanoTime() - start;
    while (ended.get() < round) {
      Thread.yield();
    }
  }

  @Override
  public void close() throws InterruptedException {
    adversary.close();
  }
}
