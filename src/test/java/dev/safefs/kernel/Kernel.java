package dev.safefs.kernel;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A kernel that lacks or denies something, played over the real one. Promise K4. */
public enum Kernel {
  /** Lacks nothing. */
  WHOLE(() -> (name, args) -> 0),
  /** Older than 5.6. */
  OPENAT2_MISSING(denying(Errno.ENOSYS, "openat2")),
  /** Behind a filter of the old kind. */
  OPENAT2_FORBIDDEN(denying(Errno.EPERM, "openat2")),
  /** A filter is installed while the process runs. */
  OPENAT2_MISSING_AFTER_100_CALLS(later(Errno.ENOSYS, "openat2")),
  /** A filter is installed while the process runs. */
  OPENAT2_FORBIDDEN_AFTER_100_CALLS(later(Errno.EPERM, "openat2")),
  /** Somebody renames or mounts all the time. */
  OPENAT2_ALWAYS_BUSY(denying(Errno.EAGAIN, "openat2")),
  /** Older than 3.15, or gVisor. */
  RENAMEAT2_MISSING(denying(Errno.ENOSYS, "renameat2")),
  /** Behind a filter. */
  RENAMEAT2_FORBIDDEN(denying(Errno.EPERM, "renameat2")),
  /** A file system without flags, such as NFS. */
  RENAMEAT2_WITHOUT_FLAGS(denying(Errno.EINVAL, "renameat2")) {
    /** The kernel looks at the target before it asks the file system. */
    @Override
    int errno(int denial, Syscalls real, Object[] args) {
      boolean isTaken =
          denial != 0
              && (int) args[4] == Abi.RENAME_NOREPLACE
              && ((byte[]) args[3]).length > 1
              && real.readlinkat((int) args[2], (byte[]) args[3], new byte[1]) != -Errno.ENOENT;
      return isTaken ? Errno.EEXIST : denial;
    }
  },
  /** A filter is installed while the process runs. */
  RENAMEAT2_FORBIDDEN_AFTER_100_CALLS(later(Errno.EPERM, "renameat2")),
  /** A filter is installed while the process runs. */
  RENAMEAT2_MISSING_AFTER_100_CALLS(later(Errno.ENOSYS, "renameat2")),
  /** NFS, FUSE and the like. */
  TMPFILE_UNSUPPORTED(() -> (name, args) -> isTmpfile(name, args) ? Errno.EOPNOTSUPP : 0),
  /** Older than 3.11: the flag is read as O_DIRECTORY. */
  TMPFILE_UNKNOWN(() -> (name, args) -> isTmpfile(name, args) ? Errno.EISDIR : 0),
  /** A directory is served by another server from some moment on. */
  TMPFILE_UNSUPPORTED_AFTER_100_CALLS(
      later((name, args) -> isTmpfile(name, args) ? Errno.EOPNOTSUPP : 0)),
  /** Older than 4.5. */
  COPY_FILE_RANGE_MISSING(denying(Errno.ENOSYS, "copy_file_range")),
  /** Behind a filter. */
  COPY_FILE_RANGE_FORBIDDEN(denying(Errno.EPERM, "copy_file_range")),
  /** A filter is installed while the process runs. */
  COPY_FILE_RANGE_FORBIDDEN_AFTER_100_CALLS(later(Errno.EPERM, "copy_file_range")),
  /** Older than 6.10, without CAP_DAC_READ_SEARCH. */
  LINKAT_OF_DESCRIPTORS_FORBIDDEN(
      () -> (name, args) -> isLinkOfDescriptor(name, args) ? Errno.ENOENT : 0),
  /** Older than 5.8. */
  FACCESSAT2_MISSING(denying(Errno.ENOSYS, "faccessat2")),
  /** Behind a filter. */
  FACCESSAT2_FORBIDDEN(denying(Errno.EPERM, "faccessat2")),
  /** Older than 6.6. */
  FCHMODAT2_MISSING(denying(Errno.ENOSYS, "fchmodat2")),
  /** Behind a filter. */
  FCHMODAT2_FORBIDDEN(denying(Errno.EPERM, "fchmodat2")),
  /** Linux 4.18, on a file system without O_TMPFILE. */
  OLD(() -> Kernel::errnoOfOld),
  /** The same behind a filter that does not know statx, as containers had. */
  OLDEST(() -> (name, args) -> name.equals("statx") ? Errno.EPERM : Kernel.errnoOfOld(name, args)),
  /** Older than 4.11. */
  STATX_MISSING(denying(Errno.ENOSYS, "statx")),
  /** Behind a filter. */
  STATX_FORBIDDEN(denying(Errno.EPERM, "statx")),
  /** A filter is installed while the process runs. */
  STATX_MISSING_AFTER_100_CALLS(later(Errno.ENOSYS, "statx")),
  /** A filter is installed while the process runs. */
  STATX_FORBIDDEN_AFTER_100_CALLS(later(Errno.EPERM, "statx")),
  /** No procfs is mounted. */
  PROC_MISSING(() -> (name, args) -> isProc(name, args) ? Errno.ENOENT : 0),
  /** Procfs is unmounted while the process runs. */
  PROC_MISSING_AFTER_100_CALLS(later((name, args) -> isProc(name, args) ? Errno.ENOENT : 0)),
  /** Something else is mounted where procfs should be. */
  PROC_OVERMOUNTED(() -> (name, args) -> 0) {
    @Override
    Object[] redirect(String name, Object[] args) {
      if (!isProc(name, args)) {
        return args;
      }
      Object[] elsewhere = args.clone();
      elsewhere[1] = new byte[] {'/', 0};
      return elsewhere;
    }
  };

  private static final int CALLS = 100;

  private final Supplier<Rule> rule;

  Kernel(Supplier<Rule> rule) {
    this.rule = rule;
  }

  /** Returns the errno to deny a call with, or 0. */
  @FunctionalInterface
  private interface Rule {
    int errno(String name, Object[] args);
  }

  /** Returns the system calls of this kernel. */
  public Syscalls over(Syscalls real) {
    Rule denial = rule.get();
    return (Syscalls)
        Proxy.newProxyInstance(
            Kernel.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> {
              int errno = errno(denial.errno(method.getName(), args), real, args);
              if (errno != 0) {
                return method.getReturnType() == int.class
                    ? (Object) (-errno)
                    : (Object) (long) -errno;
              }
              try {
                return method.invoke(real, redirect(method.getName(), args));
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  Object[] redirect(String name, Object[] args) {
    return args;
  }

  int errno(int denial, Syscalls real, Object[] args) {
    return denial;
  }

  private static Supplier<Rule> denying(int errno, String call) {
    return () -> (name, args) -> name.equals(call) ? errno : 0;
  }

  private static Supplier<Rule> later(int errno, String call) {
    return later((name, args) -> name.equals(call) ? errno : 0);
  }

  /** Denies once this many calls, of whatever kind, were made. */
  private static Supplier<Rule> later(Rule rule) {
    return () -> {
      AtomicInteger left = new AtomicInteger(CALLS);
      return (name, args) -> left.getAndDecrement() <= 0 ? rule.errno(name, args) : 0;
    };
  }

  private static int errnoOfOld(String name, Object[] args) {
    if (List.of("openat2", "faccessat2", "fchmodat2").contains(name)) {
      return Errno.ENOSYS;
    }
    if (isTmpfile(name, args)) {
      return Errno.EOPNOTSUPP;
    }
    return isLinkOfDescriptor(name, args) ? Errno.ENOENT : 0;
  }

  private static boolean isTmpfile(String name, Object[] args) {
    return name.equals("openat") && ((int) args[2] & Abi.O_TMPFILE) == Abi.O_TMPFILE;
  }

  private static boolean isLinkOfDescriptor(String name, Object[] args) {
    return name.equals("linkat") && ((int) args[4] & Abi.AT_EMPTY_PATH) != 0;
  }

  private static boolean isProc(String name, Object[] args) {
    return List.of("openat", "readlinkat", "linkat").contains(name)
        && Arrays.stream(args)
            .filter(byte[].class::isInstance)
            .anyMatch(
                path ->
                    new String((byte[]) path, StandardCharsets.UTF_8).startsWith("/proc/self/fd"));
  }
}
