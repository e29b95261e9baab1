package dev.safefs.op;

import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/** Does something once, right before or after a system call: an attacker with perfect timing. */
final class Meddler {
  private final String call;
  private final Deed deed;
  private final AtomicBoolean done = new AtomicBoolean();

  /** What is done. */
  interface Deed {
    void run() throws IOException;
  }

  private Meddler(String call, Deed deed) {
    this.call = call;
    this.deed = deed;
  }

  static Syscalls before(Syscalls sys, String call, Deed deed) {
    Meddler meddler = new Meddler(call, deed);
    return decorate(
        sys,
        (name, real) -> {
          meddler.meddle(name);
          return real.call();
        });
  }

  static Syscalls after(Syscalls sys, String call, Deed deed) {
    Meddler meddler = new Meddler(call, deed);
    return decorate(
        sys,
        (name, real) -> {
          Object result = real.call();
          meddler.meddle(name);
          return result;
        });
  }

  private void meddle(String name) {
    if (name.equals(call) && done.compareAndSet(false, true)) {
      try {
        deed.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private interface Real {
    Object call() throws Throwable;
  }

  private interface Around {
    Object on(String name, Real real) throws Throwable;
  }

  private static Syscalls decorate(Syscalls sys, Around around) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) ->
                around.on(
                    method.getName(),
                    () -> {
                      try {
                        return method.invoke(sys, args);
                      } catch (InvocationTargetException e) {
                        throw e.getCause();
                      }
                    }));
  }
}
