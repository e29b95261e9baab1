package dev.safefs.op;

import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Plays mounts that lack what only an argument of a system call tells. */
final class PoorMount {
  /** {@code __O_TMPFILE}, the same on all CPUs that matter here. */
  private static final int TMPFILE = 020000000;

  private PoorMount() {}

  /** Denies {@code O_TMPFILE}, as FUSE and NFS do. */
  static Syscalls withoutAnonymousFiles(Syscalls sys) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> {
              if (method.getName().startsWith("openat")
                  && (((Number) args[2]).longValue() & TMPFILE) != 0) {
                return -Errno.EOPNOTSUPP;
              }
              try {
                return method.invoke(sys, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
