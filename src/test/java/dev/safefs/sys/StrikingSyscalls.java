package dev.safefs.sys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Lets another process come right before the n-th system call. */
public final class StrikingSyscalls {
  private final AtomicInteger counted = new AtomicInteger();
  private final int n;
  private final Strike strike;
  private final Syscalls striking;

  /** What the other process does. */
  @FunctionalInterface
  public interface Strike {
    void run() throws IOException;
  }

  private StrikingSyscalls(Syscalls delegate, int n, Strike strike) {
    this.n = n;
    this.strike = strike;
    this.striking = Interceptor.decorate(delegate, this::intercept);
  }

  /**
   * Strikes once.
   *
   * @param n counts from 1
   */
  public static StrikingSyscalls before(Syscalls delegate, int n, Strike strike) {
    return new StrikingSyscalls(delegate, n, strike);
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
    if (counted.incrementAndGet() == n) {
      try {
        strike.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return real.call();
  }
}
