package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** A directory to call the kernel in, and the descriptors to close when a test ends. */
final class Scratch implements AutoCloseable {
  final Syscalls sys;
  final Path path;
  final int dirfd;
  private final Deque<Integer> open = new ArrayDeque<>();

  Scratch(Syscalls sys, Path path) {
    this.sys = sys;
    this.path = path;
    this.dirfd = open(Abi.AT_FDCWD, path.toString(), Abi.O_RDONLY | Abi.O_DIRECTORY);
  }

  /** Returns a C string. */
  static byte[] c(String text) {
    return c(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns a C string. */
  static byte[] c(byte... bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /** Returns the path of a name in this directory, as a C string. */
  byte[] at(String name) {
    return c(path.resolve(name).toString());
  }

  /** Opens a name of this directory, to be closed at the end. */
  int open(String name, int flags) {
    return open(dirfd, name, flags);
  }

  /** Creates a file with content and opens it for reading and writing. */
  int file(String name, String content) {
    try {
      Files.writeString(path.resolve(name), content);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return open(name, Abi.O_RDWR);
  }

  String content(String name) throws IOException {
    return Files.readString(path.resolve(name));
  }

  byte[] statx(String name) {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    int mask = Abi.STATX_BASIC_STATS | Abi.STATX_BTIME | Abi.STATX_MNT_ID;
    assertThat(sys.statx(dirfd, c(name), Abi.AT_SYMLINK_NOFOLLOW, mask, statx)).isZero();
    return statx;
  }

  @Override
  public void close() {
    open.forEach(sys::close);
  }

  private int open(int at, String name, int flags) {
    int fd = sys.openat(at, c(name), flags | Abi.O_CLOEXEC, 0);
    assertThat(fd).as("openat " + name).isNotNegative();
    open.push(fd);
    return fd;
  }
}
