package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/**
 * The way from a descriptor to the delegate: {@code /proc/self/fd/N}, which leads to the open
 * object itself, wherever its names are. Believed only if procfs is what is mounted there.
 */
final class ProcFd {
  private static final String PREFIX = "/proc/self/fd/";
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

  private int look() {
    int flags = Abi.O_PATH | Abi.O_DIRECTORY | Abi.O_CLOEXEC;
    int fd = sys.openat(Abi.AT_FDCWD, DIRECTORY, flags, 0);
    if (fd < 0) {
      return fd;
    }
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    int result = sys.fstatfs(fd, statfs);
    sys.close(fd);
    if (result >= 0 && Structs.statfsType(statfs) != Abi.PROC_SUPER_MAGIC) {
      result = -Errno.ENODEV;
    }
    seen = result >= 0;
    return result;
  }

  private static GuaranteeUnavailableException unavailable(String display) {
    return new GuaranteeUnavailableException(
        display, null, "REOPEN: procfs is not mounted, so an open file cannot be opened again");
  }

  private static byte[] path(int number) {
    return (PREFIX + number + '\0').getBytes(StandardCharsets.US_ASCII);
  }
}
