package dev.safefs.op;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;

/** Plays mounts that lack what only an argument of a system call tells. */
final class PoorMount {
  /** {@code __O_TMPFILE}, the same on all CPUs that matter here. */
  private static final int TMPFILE = 020000000;

  /** Where {@code stx_mode} is in a {@code struct statx}. */
  private static final int STX_MODE = 28;

  private PoorMount() {}

  /** Denies {@code O_TMPFILE}, as FUSE and NFS do. */
  static Syscalls withoutAnonymousFiles(Syscalls sys) {
    return played(
        (method, args) ->
            method.getName().startsWith("openat") && (((Number) args[2]).longValue() & TMPFILE) != 0
                ? -Errno.EOPNOTSUPP
                : call(sys, method, args));
  }

  /**
   * Denies to create files, as a security module does, or a mount without a number for the user.
   */
  static Syscalls withoutNewFiles(Syscalls sys, int errno) {
    return played(
        (method, args) ->
            method.getName().startsWith("openat")
                    && (((Number) args[2]).longValue() & (TMPFILE | Abi.O_CREAT)) != 0
                ? -errno
                : call(sys, method, args));
  }

  /**
   * Denies to give a name another parent, as Landlock does where it is not told to allow that, also
   * within one file system; rename(2), EXDEV.
   */
  static Syscalls withoutOtherParents(Syscalls sys) {
    return played(
        (method, args) ->
            method.getName().startsWith("renameat")
                    && !opened((int) args[0]).equals(opened((int) args[2]))
                ? -Errno.EXDEV
                : call(sys, method, args));
  }

  /** Denies to remove what is no directory, whatever has the name; unlink(2), EACCES. */
  static Syscalls withoutRemovalOfFiles(Syscalls sys) {
    return played(
        (method, args) ->
            method.getName().equals("unlinkat") && (int) args[2] == 0
                ? -Errno.EACCES
                : call(sys, method, args));
  }

  private static Path opened(int descriptor) throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/self/fd", String.valueOf(descriptor)));
  }

  /** Denies to read a directory of mode 0300, which it does not deny to root; open(2), EACCES. */
  static Syscalls withUnreadableDirectories(Syscalls sys) {
    return played(
        (method, args) ->
            method.getName().equals("openat")
                ? unlessUnreadable(sys, (int) call(sys, method, args), (int) args[2])
                : call(sys, method, args));
  }

  /** Denies to search a directory of mode 0600, which it does not deny to root; open(2), EACCES. */
  static Syscalls withUnsearchableDirectories(Syscalls sys) {
    return played(
        (method, args) ->
            method.getName().startsWith("openat") && isUnsearchable((int) args[0], (byte[]) args[1])
                ? -Errno.EACCES
                : call(sys, method, args));
  }

  private static boolean isUnsearchable(int dir, byte[] path) throws IOException {
    return path[0] != '/'
        && dir >= 0
        && !Files.getPosixFilePermissions(Path.of("/proc/self/fd", String.valueOf(dir)))
            .contains(PosixFilePermission.OWNER_EXECUTE);
  }

  private static int unlessUnreadable(Syscalls sys, int descriptor, int flags) throws IOException {
    if (descriptor < 0 || (flags & Abi.O_PATH) != 0) {
      return descriptor;
    }
    Path opened = Path.of("/proc/self/fd", String.valueOf(descriptor));
    if (!Files.isDirectory(opened)
        || Files.getPosixFilePermissions(opened).contains(PosixFilePermission.OWNER_READ)) {
      return descriptor;
    }
    sys.close(descriptor);
    return -Errno.EACCES;
  }

  /**
   * Lets everybody write to everything, whatever mode it is given, as file systems of Windows do
   * that are mounted with {@code umask=0}.
   */
  static Syscalls withoutModes(Syscalls sys) {
    return played(
        (method, args) -> {
          if (method.getName().equals("fchmod")) {
            return 0;
          }
          Object result = call(sys, method, args);
          if (method.getName().equals("statx")) {
            ByteBuffer statx = ByteBuffer.wrap((byte[]) args[4]).order(ByteOrder.nativeOrder());
            statx.putShort(STX_MODE, (short) (statx.getShort(STX_MODE) | 0777));
          }
          return result;
        });
  }

  private static Syscalls played(Call call) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> call.answer(method, args));
  }

  private static Object call(Syscalls sys, Method method, Object[] args) throws Throwable {
    try {
      return method.invoke(sys, args);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  /** Answers a system call. */
  @FunctionalInterface
  private interface Call {
    Object answer(Method method, Object[] args) throws Throwable;
  }
}
