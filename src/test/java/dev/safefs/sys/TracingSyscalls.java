package dev.safefs.sys;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Records the system calls made through {@link #syscalls()}, of all threads, in the order in which
 * they returned.
 *
 * <pre>{@code
 * TracingSyscalls trace = new TracingSyscalls(real);
 * engineOver(trace.syscalls()).move(...);
 * assertThat(trace.names()).containsExactly("openat2", "openat2", "renameat2", "close", "close");
 * }</pre>
 */
public final class TracingSyscalls {
  private final List<Call> calls = new ArrayList<>();
  private final Syscalls traced;

  /** Creates a trace of the calls that go on to {@code delegate}. */
  public TracingSyscalls(Syscalls delegate) {
    this.traced =
        Interceptor.decorate(
            delegate,
            (name, args, real) -> {
              // Copied before the call, which fills some of the arrays.
              List<Object> before = args.stream().map(TracingSyscalls::copied).toList();
              long result = real.call();
              add(new Call(name, before, result));
              return result;
            });
  }

  /** Returns the system calls to hand to the code under test. */
  public Syscalls syscalls() {
    return traced;
  }

  /** Returns the calls so far. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** Returns the names of the calls so far. */
  public List<String> names() {
    return calls().stream().map(Call::name).toList();
  }

  /** Returns how often a call was made. */
  public long count(String name) {
    return calls().stream().filter(call -> call.name().equals(name)).count();
  }

  /** Forgets the calls so far. */
  public synchronized void clear() {
    calls.clear();
  }

  private synchronized void add(Call call) {
    calls.add(call);
  }

  private static Object copied(Object arg) {
    return arg instanceof byte[] bytes ? bytes.clone() : arg;
  }

  /**
   * One call: its name, its arguments as they were before it, and its value or {@code -errno}.
   *
   * <p>As text it looks like strace: {@code mkdirat(7, "a", 448) = -1 EEXIST}.
   */
  public record Call(String name, List<Object> args, long result) {
    @Override
    public String toString() {
      String list = args.stream().map(Call::text).collect(Collectors.joining(", ", "(", ")"));
      boolean failed = result < 0 && !name.startsWith("gete");
      return name + list + " = " + (failed ? "-1 " + Errno.name((int) -result) : result);
    }

    private static String text(Object arg) {
      if (!(arg instanceof byte[] bytes)) {
        return String.valueOf(arg);
      }
      boolean string = bytes.length > 1 && bytes[0] != 0 && bytes[bytes.length - 1] == 0;
      return string
          ? '"' + new String(bytes, 0, bytes.length - 1, StandardCharsets.ISO_8859_1) + '"'
          : "[" + bytes.length + " bytes]";
    }
  }
}
