package dev.safefs.linux;

import dev.safefs.handle.ByteText;
import dev.safefs.handle.Kept;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The extended attributes of an open object: by descriptor, or by its path in procfs where that is
 * O_PATH.
 */
final class Xattrs {
  private static final int FIRST_BYTES = 1024;

  /** Most files have no attribute, or a label; each rewrite asks for two lists or four. */
  private static final int FIRST_NAMES_BYTES = 256;

  private static final int GROWTH_TRIES = 16;
  private static final byte[] ASK_SIZE = {};

  /** Removed by the kernel whenever the content is written to; capabilities(7). */
  private static final String CAPABILITIES = "security.capability";

  private final Host host;
  private final Syscalls sys;
  private final Fd fd;
  private final FdFile.Use use;
  private final String display;

  /**
   * A list of names.
   *
   * @param result {@code -errno} or the bytes they take
   * @param names lossless text, empty after a failure
   */
  record Listed(int result, List<String> names) {}

  Xattrs(Host host, Fd fd, FdFile.Use use, String display) {
    this.host = host;
    this.sys = host.sys();
    this.fd = fd;
    this.use = use;
    this.display = display;
  }

  /** Lists all names the caller may see. */
  Listed list() throws IOException {
    byte[] buffer = new byte[FIRST_NAMES_BYTES];
    int length = list(buffer);
    for (int i = 0; length == -Errno.ERANGE && i < GROWTH_TRIES; i++) {
      int size = list(ASK_SIZE);
      buffer = new byte[Math.max(size, FIRST_NAMES_BYTES)];
      length = size < 0 ? size : list(buffer);
    }
    return new Listed(length, length < 0 ? List.of() : names(buffer, length));
  }

  /** Reads a value. Returns its size or {@code -errno}; an empty array asks for the size. */
  int get(String name, byte[] value) throws IOException {
    byte[] key = CString.of(name);
    return run(n -> sys.fgetxattr(n, key, value), path -> sys.getxattr(path, key, value));
  }

  /** Creates or replaces an attribute. Returns 0 or {@code -errno}. */
  int set(String name, byte[] value) throws IOException {
    byte[] key = CString.of(name);
    return run(n -> sys.fsetxattr(n, key, value, 0), path -> sys.setxattr(path, key, value, 0));
  }

  /** Removes an attribute. Returns 0 or {@code -errno}. */
  int remove(String name) throws IOException {
    byte[] key = CString.of(name);
    return run(n -> sys.fremovexattr(n, key), path -> sys.removexattr(path, key));
  }

  /**
   * Makes another object's attributes the same as these. All are tried before the first failure is
   * thrown. What the system itself keeps on the target, such as labels, stays unless there is a
   * value to put in its place.
   */
  Kept copyTo(Xattrs target) throws IOException {
    List<String> wanted = require(list());
    List<String> present = target.require(target.list());
    Optional<FileSystemException> failure = Optional.empty();
    for (String name : present) {
      if (!wanted.contains(name) && isRemovable(name)) {
        Optional<FileSystemException> failed =
            target.failed("removexattr", name, target.remove(name));
        failure = failure.isPresent() ? failure : failed;
      }
    }
    for (String name : wanted) {
      Optional<FileSystemException> failed = copyTo(target, name);
      failure = failure.isPresent() ? failure : failed;
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    return wanted.contains(CAPABILITIES) ? Kept.UNTIL_WRITTEN : Kept.FOR_GOOD;
  }

  private Optional<FileSystemException> copyTo(Xattrs target, String name) throws IOException {
    byte[] value = new byte[FIRST_BYTES];
    int length = read(name, value);
    if (length > value.length) {
      value = new byte[Abi.XATTR_SIZE_MAX];
      length = get(name, value);
    }
    // ENODATA: removed meanwhile.
    if (length < 0) {
      return length == -Errno.ENODATA ? Optional.empty() : failed("getxattr", name, length);
    }
    byte[] exact = Arrays.copyOf(value, length);
    byte[] there = new byte[Math.max(length, 1)];
    if (target.get(name, there) == length && Arrays.equals(Arrays.copyOf(there, length), exact)) {
      return Optional.empty();
    }
    return target.failed("setxattr", name, target.set(name, exact));
  }

  /** Reads a value; one that does not fit gives its size. */
  private int read(String name, byte[] value) throws IOException {
    int length = get(name, value);
    return length == -Errno.ERANGE ? get(name, ASK_SIZE) : length;
  }

  private List<String> require(Listed listed) throws IOException {
    // A file system without extended attributes has none.
    if (listed.result < 0 && listed.result != -Errno.EOPNOTSUPP) {
      throw Errnos.exception("listxattr", listed.result, display);
    }
    return listed.names;
  }

  private Optional<FileSystemException> failed(String call, String name, int result) {
    if (result >= 0 || (call.equals("removexattr") && result == -Errno.ENODATA)) {
      return Optional.empty();
    }
    String reason = Errnos.reason(call, result) + ": " + name;
    return Optional.of(Errnos.carrying(result, new FileSystemException(display, null, reason)));
  }

  /** Leaves alone what security modules set, and ACLs that network file systems make up. */
  private static boolean isRemovable(String name) {
    return name.startsWith("user.")
        || name.startsWith("trusted.")
        || name.startsWith("system.posix_acl_")
        || name.equals(CAPABILITIES);
  }

  private int list(byte[] buffer) throws IOException {
    return run(n -> sys.flistxattr(n, buffer), path -> sys.listxattr(path, buffer));
  }

  private int run(IntUnaryOperator byDescriptor, ProcFd.PathCall byPath) throws IOException {
    return use != FdFile.Use.RESOLUTION
        ? fd.call(byDescriptor)
        : host.proc().path(fd, display, byPath);
  }

  private static List<String> names(byte[] buffer, int length) {
    List<String> names = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (buffer[i] == 0) {
        names.add(ByteText.decode(buffer, start, i));
        start = i + 1;
      }
    }
    return names;
  }
}
