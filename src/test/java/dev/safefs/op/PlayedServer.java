package dev.safefs.op;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Plays a file system of a server, such as one of FUSE, on a real directory. Its statfs(2) says so;
 * what it makes of renames is a {@link Habit}.
 */
final class PlayedServer {
  private final Syscalls real;
  private final Habit habit;
  private final List<String> calls = new ArrayList<>();

  /** What another client does just before this server gets a request for a name. */
  private final Runnable rival;

  /** What becomes of the flags of renameat2(2). */
  enum Habit {
    /** All are honoured. */
    HONOURS_FLAGS,
    /** The kernel refuses a name that it sees taken; the server ignores flags, as old ceph-fuse. */
    IGNORES_FLAGS,
    /** A sandbox that knows no flags and does not say so. */
    IGNORES_FLAGS_EVEN_OF_A_TAKEN_NAME,
    /** A sandbox that knows exchanges only. */
    IGNORES_NO_REPLACE,
    /** Only renames that are not to replace anything are what they say. */
    IGNORES_EXCHANGE,
    /** As most of FUSE. */
    REFUSES_FLAGS;

    boolean honours(int flag) {
      return this == HONOURS_FLAGS
          || (this == IGNORES_NO_REPLACE && flag == Abi.RENAME_EXCHANGE)
          || (this == IGNORES_EXCHANGE && flag == Abi.RENAME_NOREPLACE);
    }
  }

  private PlayedServer(Syscalls real, Habit habit, Runnable rival) {
    this.real = real;
    this.habit = habit;
    this.rival = rival;
  }

  static PlayedServer with(Habit habit) {
    return new PlayedServer(Scene.kernel(), habit, () -> {});
  }

  static PlayedServer with(Habit habit, Runnable rival) {
    return new PlayedServer(Scene.kernel(), habit, rival);
  }

  /** Returns the calls that were made, in order. */
  List<String> calls() {
    return calls;
  }

  /** Returns the system calls, with which the file system says that it is one of a server. */
  Syscalls syscalls() {
    return syscalls(Abi.FUSE_SUPER_MAGIC);
  }

  /** Returns the system calls, with which the file system says what it is. */
  Syscalls syscalls(long magic) {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(),
            new Class<?>[] {Syscalls.class},
            (proxy, method, args) -> {
              calls.add(method.getName());
              if (method.getName().equals("renameat2")) {
                return rename((int) args[0], (byte[]) args[1], (int) args[2], args);
              }
              if (method.getName().equals("linkat")) {
                meet((byte[]) args[3]);
              }
              Object result;
              try {
                result = method.invoke(real, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
              if (method.getName().equals("statx")) {
                giveUniqueId((byte[]) args[args.length - 1]);
              }
              if (method.getName().equals("fstatfs") && !isProc((byte[]) args[1])) {
                ByteBuffer.wrap((byte[]) args[1]).order(ByteOrder.LITTLE_ENDIAN).putLong(0, magic);
              }
              return result;
            });
  }

  /** As of Linux 6.8, so that what was found out is kept on any machine. */
  private static void giveUniqueId(byte[] statx) {
    ByteBuffer all = ByteBuffer.wrap(statx).order(ByteOrder.LITTLE_ENDIAN);
    all.putInt(0, all.getInt(0) | Abi.STATX_MNT_ID_UNIQUE);
  }

  private static boolean isProc(byte[] statfs) {
    return ByteBuffer.wrap(statfs).order(ByteOrder.LITTLE_ENDIAN).getLong(0)
        == Abi.PROC_SUPER_MAGIC;
  }

  private int rename(int from, byte[] name, int to, Object[] args) {
    byte[] newName = (byte[]) args[3];
    int flags = (int) args[4];
    boolean isTaken = real.readlinkat(to, newName, new byte[1]) != -Errno.ENOENT;
    boolean seen =
        isTaken
            && flags == Abi.RENAME_NOREPLACE
            && habit != Habit.IGNORES_FLAGS_EVEN_OF_A_TAKEN_NAME
            && habit != Habit.IGNORES_NO_REPLACE;
    if (seen) {
      return -Errno.EEXIST;
    }
    meet(newName);
    if (habit == Habit.REFUSES_FLAGS) {
      return -Errno.EINVAL;
    }
    return habit.honours(flags)
        ? real.renameat2(from, name, to, newName, flags)
        : real.renameat(from, name, to, newName);
  }

  /** The rival is after the user's names, which are short. */
  private void meet(byte[] name) {
    if (name.length < 4) {
      rival.run();
    }
  }
}
