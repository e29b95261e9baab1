package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.ByteText;
import dev.safefs.handle.DelegateFailures;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The way from a descriptor to the delegate: {@code /proc/self/fd/N}, which leads to the open
 * object itself, wherever its names are. Believed only if procfs is what is mounted there.
 */
final class ProcFd {
  private static final String PREFIX = "/proc/self/fd/";
  private static final String INFO = "/proc/self/fdinfo/";
  private static final String SETTINGS = "/proc/sys/fs/";
  private static final String MOUNT_ID = "mnt_id:";
  private static final int CHUNK_BYTES = 4096;

  /** What procfs appends to the path of an object that has lost the name it was opened by. */
  private static final String REMOVED = " (deleted)";

  /** Stands for all users, or groups, that have no number in this namespace. */
  private static final int OVERFLOW = 65534;

  private static final long ALL_NUMBERS = 0xFFFF_FFFFL;
  private static final String SELF = "/proc/self/";
  private static final String USERS = "uid_map";
  private static final String GROUPS = "gid_map";
  private static final byte[] MOUNTS = CString.of("/proc/self/mountinfo");
  private static final byte[] ROOT = CString.of("/proc");
  private static final byte[] DIRECTORY = CString.of("/proc/self/fd");

  /** Errors that say nothing about procfs. */
  private static final Set<Integer> TRANSIENT =
      Set.of(Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.EINTR, Errno.EIO);

  private final Syscalls sys;
  private final FileSystemProvider delegate;
  private final FileSystem fileSystem;

  /** Only spares the look; a failure looks again. */
  private volatile boolean seen;

  ProcFd(Syscalls sys, FileSystemProvider delegate, FileSystem fileSystem) {
    this.sys = sys;
    this.delegate = delegate;
    this.fileSystem = fileSystem;
  }

  /** Something the delegate does with a path to an open object. */
  @FunctionalInterface
  interface Call<T> {
    T on(FileSystemProvider delegate, Path path) throws IOException;
  }

  /**
   * Something the kernel does with a path to an open object; returns {@code -errno} if it fails.
   */
  @FunctionalInterface
  interface PathCall {
    int on(byte[] path);
  }

  /**
   * Lets the delegate act on an open object. Its exceptions are rewritten to show the user's path.
   */
  <T> T call(Fd fd, String display, Call<T> call) throws IOException {
    require(display);
    return fd.use(
        n -> {
          try {
            return call.on(delegate, fileSystem.getPath(PREFIX + n));
          } catch (NoSuchFileException e) {
            recheck(display);
            throw DelegateFailures.rewrite(e, display);
          } catch (IOException e) {
            throw DelegateFailures.rewrite(e, display);
          }
        });
  }

  /** Lets the kernel act on an open object by path. */
  int path(Fd fd, String display, PathCall call) throws IOException {
    require(display);
    int result = fd.call(n -> call.on(path(n)));
    if (result == -Errno.ENOENT) {
      recheck(display);
    }
    return result;
  }

  /** Tells whether open objects can be reached by path now. */
  boolean isAvailable() {
    return seen || look() == 0;
  }

  /** Returns the id of the mount that an object was opened on, if procfs is there to tell. */
  OptionalLong mountId(Fd fd) throws IOException {
    return isAvailable() ? fd.use(this::mountId) : OptionalLong.empty();
  }

  private OptionalLong mountId(int number) {
    return text(CString.of(INFO + number))
        .lines()
        .filter(line -> line.startsWith(MOUNT_ID))
        .mapToLong(line -> Long.parseLong(line.substring(MOUNT_ID.length()).strip()))
        .findFirst();
  }

  /** Returns the mount that an object was opened on, if procfs is there to tell. */
  Optional<MountEntry> mount(Fd fd) throws IOException {
    OptionalLong id = mountId(fd);
    return id.isPresent() ? MountEntry.find(text(MOUNTS), id.getAsLong()) : Optional.empty();
  }

  /** Tells whether a name is the one that an object was last found by, or renamed to. */
  boolean isLastNamed(Fd fd, String display, Name name) throws IOException {
    byte[] path = new byte[Abi.PATH_MAX];
    int length = path(fd, display, p -> sys.readlinkat(Abi.AT_FDCWD, p, path));
    String text = length < 0 ? "" : ByteText.decode(path, 0, length);
    return text.endsWith("/" + name.text()) || text.endsWith("/" + name.text() + REMOVED);
  }

  /**
   * Tells whether owner and group have numbers here, and what is shown does not stand for ones that
   * have none; user_namespaces(7).
   */
  boolean hasNumbers(Stat stat) {
    return hasNumber(stat.owner()) && (stat.group() != OVERFLOW || isWhole(GROUPS));
  }

  /** Tells the same of an owner alone. */
  boolean hasNumber(int owner) {
    return owner != OVERFLOW || isWhole(USERS);
  }

  /**
   * Tells whether a namespace has all numbers: not if it cannot be read. A kernel without
   * namespaces has no such file.
   */
  private boolean isWhole(String map) {
    String text = text(CString.of(SELF + map));
    return text.isEmpty()
        ? isMissing(SELF, map)
        : text.lines().mapToLong(line -> Long.parseLong(line.strip().split(" +")[2])).sum()
            >= ALL_NUMBERS;
  }

  /**
   * Returns a setting of the kernel; 0 if it does not have it, and empty if nobody can tell: some
   * kernels let only root read it, and procfs mounted with {@code subset=pid} has none.
   * proc_sys_fs(5)
   */
  OptionalInt setting(String name) {
    String text = text(CString.of(SETTINGS + name)).strip();
    if (!text.isEmpty()) {
      return OptionalInt.of(Integer.parseInt(text));
    }
    return isMissing(SETTINGS, name) ? OptionalInt.of(0) : OptionalInt.empty();
  }

  /** Tells whether a directory is the kernel's own, and has no such file. */
  private boolean isMissing(String directory, String name) {
    int dir = sys.openat(Abi.AT_FDCWD, CString.of(directory), Abi.O_PATH | Abi.O_CLOEXEC, 0);
    if (dir < 0) {
      return false;
    }
    try {
      byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
      return procfs(dir) >= 0
          && StatxReader.ask(sys, dir, CString.of(name), Abi.AT_SYMLINK_NOFOLLOW, statx)
              == -Errno.ENOENT;
    } finally {
      sys.close(dir);
    }
  }

  /** Returns a file of procfs; empty if it cannot be read, or something else is mounted over it. */
  private String text(byte[] path) {
    int fd = sys.openat(Abi.AT_FDCWD, path, Abi.O_RDONLY | Abi.O_CLOEXEC, 0);
    if (fd < 0) {
      return "";
    }
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    try {
      byte[] chunk = new byte[CHUNK_BYTES];
      int length = procfs(fd) >= 0 ? sys.read(fd, chunk, CHUNK_BYTES) : 0;
      while (length > 0) {
        text.write(chunk, 0, length);
        length = sys.read(fd, chunk, CHUNK_BYTES);
      }
    } finally {
      sys.close(fd);
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  private void require(String display) throws FileSystemException {
    if (seen) {
      return;
    }
    int result = look();
    if (TRANSIENT.contains(-result)) {
      throw Errnos.exception("openat", result, display);
    }
    if (result < 0) {
      throw unavailable(display);
    }
  }

  private void recheck(String display) throws FileSystemException {
    seen = false;
    require(display);
  }

  /**
   * Looks whether procfs is mounted, and nothing over its directory of our descriptors: by the type
   * of the file system, by the mount, and by a descriptor that must be found there.
   */
  private int look() {
    int flags = Abi.O_PATH | Abi.O_DIRECTORY | Abi.O_CLOEXEC;
    int proc = sys.openat(Abi.AT_FDCWD, ROOT, flags, 0);
    if (proc < 0) {
      return proc;
    }
    try {
      int result = look(proc, flags);
      seen = result >= 0;
      return result;
    } finally {
      sys.close(proc);
    }
  }

  private int look(int proc, int flags) {
    int fd = sys.openat(Abi.AT_FDCWD, DIRECTORY, flags, 0);
    if (fd < 0) {
      return fd;
    }
    try {
      return compare(proc, fd);
    } finally {
      sys.close(fd);
    }
  }

  private int compare(int proc, int fd) {
    byte[] ofRoot = new byte[Structs.STATX_SIZE_BYTES];
    byte[] ofDirectory = new byte[Structs.STATX_SIZE_BYTES];
    int result = procfs(fd);
    if (result >= 0) {
      result = statx(proc, ofRoot);
    }
    if (result >= 0) {
      result = statx(fd, ofDirectory);
    }
    if (result < 0) {
      return result;
    }
    // True also where the kernel does not tell mounts apart, before Linux 5.8.
    boolean isOneMount = StatxReader.mount(ofRoot).isPerhaps(StatxReader.mount(ofDirectory));
    return isOneMount ? finds(fd, ofDirectory) : -Errno.ENODEV;
  }

  private int finds(int fd, byte[] expected) {
    int found = sys.openat(Abi.AT_FDCWD, path(fd), Abi.O_PATH | Abi.O_CLOEXEC, 0);
    if (found < 0) {
      return found;
    }
    try {
      byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
      int result = statx(found, statx);
      boolean isOther =
          result >= 0 && !StatxReader.identity(statx).equals(StatxReader.identity(expected));
      return isOther ? -Errno.ENODEV : result;
    } finally {
      sys.close(found);
    }
  }

  private int statx(int fd, byte[] statx) {
    return StatxReader.ask(sys, fd, CString.EMPTY, Abi.AT_EMPTY_PATH, statx);
  }

  private int procfs(int fd) {
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    int result = sys.fstatfs(fd, statfs);
    boolean isOther = result >= 0 && Structs.statfsType(statfs) != Abi.PROC_SUPER_MAGIC;
    return isOther ? -Errno.ENODEV : result;
  }

  private static GuaranteeUnavailableException unavailable(String display) {
    return new GuaranteeUnavailableException(
        display, null, "H1: procfs is not mounted, so an open file cannot be opened again");
  }

  private static byte[] path(int number) {
    return (PREFIX + number + '\0').getBytes(StandardCharsets.US_ASCII);
  }
}
