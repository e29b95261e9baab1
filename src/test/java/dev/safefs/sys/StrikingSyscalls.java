package dev.safefs.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets another process come right before the n-th system call, or before all from it on. */
public final class StrikingSyscalls {
  private final AtomicInteger counted = new AtomicInteger();
  private final int n;
  private final int last;
  private final Strike strike;
  private final Set<String> spared;
  private final Syscalls striking;

  /** What the other process does. */
  @FunctionalInterface
  public interface Strike {
    void run() throws IOException;
  }

  private StrikingSyscalls(Syscalls delegate, int n, int last, Strike strike, Set<String> spared) {
    spared.forEach(Interceptor::requireCall);
    this.n = n;
    this.last = last;
    this.spared = spared;
    this.strike = strike;
    this.striking = Interceptor.decorate(delegate, this::intercept);
  }

  /**
   * Strikes once.
   *
   * @param n counts from 1
   * @param spared calls that are not counted
   */
  public static StrikingSyscalls before(Syscalls delegate, int n, Strike strike, String... spared) {
    return new StrikingSyscalls(delegate, n, n, strike, Set.of(spared));
  }

  /**
   * Strikes before each call from the n-th on.
   *
   * @param n counts from 1
   * @param spared calls that are not counted
   */
  public static StrikingSyscalls fromOn(Syscalls delegate, int n, Strike strike, String... spared) {
    return new StrikingSyscalls(delegate, n, Integer.MAX_VALUE, strike, Set.of(spared));
  }

  /** Returns the system calls to hand to the code under test. */
  public Syscalls syscalls() {
    return striking;
  }

  /** Tells whether the n-th call came. */
  public boolean hit() {
    return counted.get() >= n;
  }

  private long intercept(String name, List<Object> args, Interceptor.Real real) {
    if (!spared.contains(name) && isStruck(counted.incrementAndGet())) {
      try {
        strike.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return real.call();
  }

  private boolean isStruck(int count) {
    return count >= n && count <= last;
  }
}
