package dev.safefs.sys;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Plays an old kernel, a seccomp filter or a poor mount: denies calls by name.
 *
 * <pre>{@code
 * Syscalls old = new DenyingSyscalls(real)
 *     .deny(Errno.ENOSYS, "openat2", "fchmodat2")
 *     .denyAfter(3, Errno.EPERM, "renameat2")
 *     .syscalls();
 * }</pre>
 *
 * <p>A denied call is not made. Calls may be denied and allowed again while the code under test
 * runs.
 */
public final class DenyingSyscalls {
  private final Map<String, Denial> denials = new ConcurrentHashMap<>();
  private final Syscalls denying;

  /** Creates a decorator that denies nothing yet. */
  public DenyingSyscalls(Syscalls delegate) {
    this.denying = Interceptor.decorate(delegate, this::intercept);
  }

  /** Denies calls from now on. */
  public DenyingSyscalls deny(int errno, String... names) {
    return denyAfter(0, errno, names);
  }

  /** Denies calls once each of them was made {@code allowed} times from now. */
  public DenyingSyscalls denyAfter(int allowed, int errno, String... names) {
    for (String name : names) {
      denials.put(Interceptor.requireCall(name), new Denial(errno, new AtomicInteger(allowed)));
    }
    return this;
  }

  /** Allows calls again. */
  public DenyingSyscalls allow(String... names) {
    denials.keySet().removeAll(List.of(names));
    return this;
  }

  /** Returns the system calls to hand to the code under test. */
  public Syscalls syscalls() {
    return denying;
  }

  private long intercept(String name, List<Object> args, Interceptor.Real real) {
    Denial denial = denials.get(name);
    boolean denied = denial != null && denial.left.getAndDecrement() <= 0;
    return denied ? -denial.errno : real.call();
  }

  private record Denial(int errno, AtomicInteger left) {}
}
