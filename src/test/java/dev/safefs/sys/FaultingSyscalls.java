package dev.safefs.sys;

import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fails the n-th system call, for anomaly loops: fail call 1, 2, 3 … until a run is not hit any
 * more.
 *
 * <pre>{@code
 * for (int n = 1; ; n++) {
 *   FaultingSyscalls faults = FaultingSyscalls.once(real, n, Errno.EIO);
 *   run(faults.syscalls());
 *   if (!faults.hit()) {
 *     break;
 *   }
 * }
 * }</pre>
 *
 * <p>A call that is failed is not made, with one exception: close closes and then fails, as the
 * kernel does. geteuid cannot fail and is not counted.
 */
public final class FaultingSyscalls {
  private static final Set<String> NEVER_FAILING = Set.of("geteuid");

  private final AtomicInteger counted = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final Fault fault;
  private final Syscalls faulting;

  private FaultingSyscalls(Syscalls delegate, Fault fault) {
    fault.names.forEach(Interceptor::requireCall);
    this.fault = fault;
    this.faulting = Interceptor.decorate(delegate, this::intercept);
  }

  /**
   * Fails the n-th call, and no other.
   *
   * @param n counts from 1
   * @param names the calls to count, or none for all
   */
  public static FaultingSyscalls once(Syscalls delegate, int n, int errno, String... names) {
    return new FaultingSyscalls(delegate, new Fault(n, n, errno, Moment.INSTEAD, Set.of(names)));
  }

  /**
   * Fails the n-th call and all that follow.
   *
   * @param n counts from 1
   * @param names the calls to count, or none for all
   */
  public static FaultingSyscalls forever(Syscalls delegate, int n, int errno, String... names) {
    Fault fault = new Fault(n, Integer.MAX_VALUE, errno, Moment.INSTEAD, Set.of(names));
    return new FaultingSyscalls(delegate, fault);
  }

  /**
   * Makes the n-th call and then reports a failure, as a network file system does when the reply
   * was lost.
   *
   * @param n counts from 1
   * @param names the calls to count, or none for all
   */
  public static FaultingSyscalls onceAfterDoing(
      Syscalls delegate, int n, int errno, String... names) {
    return new FaultingSyscalls(delegate, new Fault(n, n, errno, Moment.AFTER, Set.of(names)));
  }

  /** Returns the system calls to hand to the code under test. */
  public Syscalls syscalls() {
    return faulting;
  }

  /** Tells whether a call was failed. */
  public boolean hit() {
    return failed.get() > 0;
  }

  /** Returns how many calls were counted. */
  public int counted() {
    return counted.get();
  }

  private long intercept(String name, List<Object> args, Interceptor.Real real) {
    boolean counts = !NEVER_FAILING.contains(name) && fault.concerns(name);
    if (!counts || !fault.strikes(counted.incrementAndGet())) {
      return real.call();
    }
    failed.incrementAndGet();
    if (fault.moment == Moment.AFTER || name.equals("close")) {
      real.call();
    }
    return -fault.errno;
  }

  private enum Moment {
    INSTEAD,
    AFTER
  }

  private record Fault(int first, int last, int errno, Moment moment, Set<String> names) {
    boolean concerns(String name) {
      return names.isEmpty() || names.contains(name);
    }

    boolean strikes(int n) {
      return n >= first && n <= last;
    }
  }
}
