package dev.safefs.linux;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * Where a descriptor reads and writes. It is remembered, so that the kernel is told only when it is
 * elsewhere; nobody else moves it, as each opening of a file has its own.
 */
final class Cursor {
  private final Syscalls sys;
  private final Fd fd;
  private final String display;
  private long at;

  /** Takes a descriptor that was just opened. */
  Cursor(Syscalls sys, Fd fd, String display) {
    this.sys = sys;
    this.fd = fd;
    this.display = display;
  }

  /** Moves to an offset, if it is not there. */
  void moveTo(long offset) throws IOException {
    if (at != offset) {
      require("lseek", seek(offset, Abi.SEEK_SET));
    }
  }

  /** Returns where data begins at or after an offset, or {@code -errno}; ENXIO if there is none. */
  long data(long offset) throws IOException {
    return seek(offset, Abi.SEEK_DATA);
  }

  /** Returns where a hole begins at or after an offset, or {@code -errno}. */
  long hole(long offset) throws IOException {
    return seek(offset, Abi.SEEK_HOLE);
  }

  /** Returns the size. */
  long end() throws IOException {
    return require("lseek", seek(0, Abi.SEEK_END));
  }

  /** Reads up to a number of bytes. Returns how many, 0 at the end. */
  int read(byte[] buffer, int count) throws IOException {
    int result = (int) require("read", fd.call(n -> sys.read(n, buffer, count)));
    at += result;
    return result;
  }

  /** Writes all of a number of bytes. */
  void write(byte[] buffer, int count) throws IOException {
    for (int written = 0; written < count; ) {
      int from = written;
      long result = require("write", fd.call(n -> sys.write(n, buffer, from, count - from)));
      if (result == 0) {
        throw new FileSystemException(display, null, "write: nothing was written");
      }
      at += result;
      written += (int) result;
    }
  }

  private long seek(long offset, int whence) throws IOException {
    long result = fd.callLong(n -> sys.lseek(n, offset, whence));
    if (result >= 0) {
      at = result;
    }
    return result;
  }

  private long require(String call, long result) throws IOException {
    if (result < 0) {
      throw Errnos.exception(call, result, display);
    }
    return result;
  }
}
