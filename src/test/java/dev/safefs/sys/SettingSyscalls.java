package dev.safefs.sys;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Plays a setting of the kernel, which is one for all of the machine. */
public final class SettingSyscalls {
  private final Set<Integer> opened = ConcurrentHashMap.newKeySet();
  private final String path;
  private final byte[] value;

  private SettingSyscalls(String path, String value) {
    this.path = path + '\0';
    this.value = value.getBytes(StandardCharsets.US_ASCII);
  }

  /** Returns calls that read {@code value} from a file of procfs. */
  public static Syscalls over(Syscalls delegate, String path, String value) {
    return Interceptor.decorate(delegate, new SettingSyscalls(path, value)::intercept);
  }

  /** Returns calls that fail to open a file of procfs, as for somebody who may not read it. */
  public static Syscalls unreadable(Syscalls delegate, String path, int errno) {
    SettingSyscalls setting = new SettingSyscalls(path, "");
    return Interceptor.decorate(
        delegate,
        (name, args, real) ->
            name.equals("openat") && setting.isPath((byte[]) args.get(1)) ? -errno : real.call());
  }

  /** Returns calls that find no settings, as where procfs is mounted with {@code subset=pid}. */
  public static Syscalls none(Syscalls delegate) {
    return Interceptor.decorate(
        delegate,
        (name, args, real) ->
            name.equals("openat") && text((byte[]) args.get(1)).startsWith("/proc/sys/")
                ? -Errno.ENOENT
                : real.call());
  }

  private long intercept(String name, List<Object> args, Interceptor.Real real) {
    if (name.equals("read") && opened.remove((Integer) args.get(0))) {
      // The next read finds the end of the real one.
      real.call();
      System.arraycopy(value, 0, (byte[]) args.get(1), 0, value.length);
      return value.length;
    }
    long result = real.call();
    if (name.equals("openat") && result >= 0 && isPath((byte[]) args.get(1))) {
      opened.add((int) result);
    }
    return result;
  }

  private boolean isPath(byte[] given) {
    return text(given).equals(path);
  }

  private static String text(byte[] path) {
    return new String(path, StandardCharsets.US_ASCII);
  }
}
