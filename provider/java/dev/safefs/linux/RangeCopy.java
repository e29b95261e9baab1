package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.Stat;
import dev.safefs.request.Reflink;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * One copy of all content: FICLONE, else copy_file_range(2) for each piece of data between holes,
 * else read(2) and write(2).
 *
 * <p>Sizes are believed only where a read says so: files of procfs have size 0 and content, those
 * of sysfs the reverse, and any may grow meanwhile.
 */
final class RangeCopy {
  private static final long STEP_BYTES = 8L << 20;
  private static final int BUFFER_BYTES = 256 * 1024;

  private final Syscalls sys;
  private final FdFile source;
  private final FdFile target;
  private final Reflink reflink;
  private final CopyMonitor monitor;

  /** Where the copy is, and when all is done, the size of the target. */
  private long at;

  private long total;
  private boolean kernelCopies;
  private byte[] buffer = {};

  RangeCopy(Syscalls sys, FdFile source, FdFile target, Reflink reflink, CopyMonitor monitor) {
    this.sys = sys;
    this.source = source;
    this.target = target;
    this.reflink = reflink;
    this.monitor = monitor;
    // copy_file_range(2) may share blocks, too.
    this.kernelCopies = reflink != Reflink.NEVER && KernelRelease.copiesRanges();
  }

  void run() throws IOException {
    Stat stat = source.stat();
    total = stat.sizeBytes();
    if (total > 0 && isCloned()) {
      monitor.progressed(total, total);
      return;
    }
    if (total == 0) {
      copyToEnd();
    } else {
      copyPieces();
    }
    target.truncate(at);
  }

  private boolean isCloned() throws IOException {
    if (reflink == Reflink.NEVER) {
      return false;
    }
    int result = source.fd().use(s -> target.fd().once(t -> sys.ioctl_ficlone(t, s)));
    if (result < 0 && reflink == Reflink.ONLY) {
      String why =
          Errnos.reason("ioctl_ficlone", result)
              + ": C3 cannot be kept: blocks cannot be shared here";
      throw new GuaranteeUnavailableException(target.display(), null, why);
    }
    return result == 0;
  }

  /** Copies the data between holes until there is no more. */
  private void copyPieces() throws IOException {
    // ZFS overlooks data that was written through a mapping until some of the file is read (openzfs
    // 11697).
    require("read", source.fd().call(n -> sys.read(n, new byte[1], 1)), source);
    while (true) {
      long data = seek(source, at, Abi.SEEK_DATA);
      if (data == -Errno.ENXIO) {
        at = Math.max(at, require("lseek", seek(source, 0, Abi.SEEK_END), source));
        return;
      }
      long hole = data < at ? -Errno.EINVAL : seek(source, data, Abi.SEEK_HOLE);
      if (hole <= data) {
        copyToEnd();
        return;
      }
      at = data;
      if (!copyUpTo(hole)) {
        return;
      }
    }
  }

  private void copyToEnd() throws IOException {
    copyUpTo(Long.MAX_VALUE);
  }

  /**
   * Copies up to a place.
   *
   * @return false if the source ended before
   */
  private boolean copyUpTo(long end) throws IOException {
    boolean more = true;
    while (more && at < end) {
      long stepEnd = end - at > STEP_BYTES ? at + STEP_BYTES : end;
      more = step(stepEnd);
      monitor.progressed(at, Math.max(total, at));
    }
    return more;
  }

  private boolean step(long end) throws IOException {
    if (kernelCopies && total > 0) {
      long copied = copyRange(end - at);
      if (copied > 0) {
        at += copied;
        return true;
      }
    }
    return copyBytes(end);
  }

  /**
   * Returns how much the kernel copied, or 0 if bytes are to be read: at the end, or where it
   * cannot.
   */
  private long copyRange(long length) throws IOException {
    long from = at;
    long result =
        source
            .fd()
            .use(s -> target.fd().callLong(t -> sys.copy_file_range(s, from, t, from, length)));
    if (result >= 0) {
      return result;
    }
    switch ((int) -result) {
      // Nothing was copied, so all may be read. ENOENT: between CIFS servers; EFBIG: at huge
      // offsets; ETXTBSY: swap files.
      case Errno.ENOSYS,
          Errno.EPERM,
          Errno.EXDEV,
          Errno.EOPNOTSUPP,
          Errno.EINVAL,
          Errno.EFBIG,
          Errno.ENOENT,
          Errno.EBADF,
          Errno.ETXTBSY -> {
        kernelCopies = false;
        return 0;
      }
      default -> throw Errnos.exception("copy_file_range", result, target.display());
    }
  }

  private boolean copyBytes(long end) throws IOException {
    if (buffer.length == 0) {
      buffer = new byte[BUFFER_BYTES];
    }
    require("lseek", seek(source, at, Abi.SEEK_SET), source);
    require("lseek", seek(target, at, Abi.SEEK_SET), target);
    while (at < end) {
      int wanted = (int) Math.min(buffer.length, end - at);
      int read = source.fd().call(n -> sys.read(n, buffer, wanted));
      require("read", read, source);
      if (read == 0) {
        return false;
      }
      write(read);
      at += read;
    }
    return true;
  }

  private void write(int count) throws IOException {
    for (int written = 0; written < count; ) {
      int from = written;
      int result = target.fd().call(n -> sys.write(n, buffer, from, count - from));
      require("write", result, target);
      if (result == 0) {
        throw new FileSystemException(target.display(), null, "write: nothing was written");
      }
      written += result;
    }
  }

  private long seek(FdFile file, long offset, int whence) throws IOException {
    return file.fd().callLong(n -> sys.lseek(n, offset, whence));
  }

  private static long require(String call, long result, FdFile file) throws IOException {
    if (result < 0) {
      throw Errnos.exception(call, result, file.display());
    }
    return result;
  }
}
