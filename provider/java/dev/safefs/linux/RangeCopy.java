package dev.safefs.linux;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.handle.AcrossEngines;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.FileHandle;
import dev.safefs.request.Reflink;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;

/**
 * One copy of all content: FICLONE, else copy_file_range(2) for each piece of data between holes,
 * else read(2) and write(2), which are all that a small file without holes takes.
 *
 * <p>Sizes are believed only where a read says so: files of procfs have size 0 and content, those
 * of sysfs the reverse, and any may grow meanwhile.
 */
final class RangeCopy {
  private static final long STEP_BYTES = 8L << 20;
  private static final int BUFFER_BYTES = 256 * 1024;
  private static final int SMALLEST_BUFFER_BYTES = 16 * 1024;
  private static final int BLOCK_BYTES = 512;
  private static final long OVERLAYFS_SUPER_MAGIC = 0x794c_7630L;

  private final Host host;
  private final Syscalls sys;
  private final FdFile source;
  private final FdFile target;
  private final Reflink reflink;
  private final CopyMonitor monitor;

  /** Where the copy is, and when all is done, the size of the target. */
  private long at;

  /** Where what was written ends. */
  private long written;

  private long total;
  private boolean kernelCopies;
  private byte[] buffer = {};

  private RangeCopy(Host host, FdFile source, FdFile target, Reflink reflink, CopyMonitor monitor) {
    this.host = host;
    this.sys = host.sys();
    this.source = source;
    this.target = target;
    this.reflink = reflink;
    this.monitor = monitor;
    // copy_file_range(2) may share blocks, too.
    this.kernelCopies = reflink != Reflink.NEVER && KernelRelease.copiesRanges();
  }

  /** Copies, to a file of another engine as that can. */
  static void run(Host host, FdFile source, FileHandle target, Reflink reflink, CopyMonitor monitor)
      throws IOException {
    if (target instanceof FdFile ours) {
      new RangeCopy(host, source, ours, reflink, monitor).run();
    } else {
      AcrossEngines.copyContent(source, target, reflink, monitor);
    }
  }

  private void run() throws IOException {
    FdFile.Seen seen = source.seen();
    total = seen.sizeBytes();
    if (total > 0 && isCloned()) {
      monitor.progressed(total, total);
      return;
    }
    if (total == 0) {
      copyToEnd();
    } else if (total < BUFFER_BYTES && seen.blocks() * BLOCK_BYTES >= total) {
      kernelCopies = false;
      copyToEnd();
    } else {
      kernelCopies = kernelCopies && mayHave(Capability.COPY_RANGE);
      copyPieces();
    }
    if (at > written) {
      target.truncate(at);
    }
  }

  private boolean isCloned() throws IOException {
    boolean tried =
        switch (reflink) {
          case NEVER -> false;
          case ONLY -> true;
          case AUTO -> mayHave(Capability.REFLINK);
        };
    if (!tried) {
      return false;
    }
    int result = source.fd().use(s -> target.fd().once(t -> sys.ioctl_ficlone(t, s)));
    if (result == -Errno.EOPNOTSUPP && !isOverlay()) {
      host.mounts().lacks(target.seen().mount(), Capability.REFLINK);
    }
    if (result < 0 && reflink == Reflink.ONLY) {
      String why =
          Errnos.reason("ioctl_ficlone", result)
              + ": C3 cannot be kept: blocks cannot be shared here";
      throw new GuaranteeUnavailableException(target.display(), null, why);
    }
    return result == 0;
  }

  private boolean mayHave(Capability capability) throws IOException {
    return !host.mounts().isLackedAnywhere(capability)
        || host.mounts().mayHave(target.seen().mount(), capability);
  }

  /** In an overlay each file has the answer of the layer it is on. */
  private boolean isOverlay() throws IOException {
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    return target.fd().call(n -> sys.fstatfs(n, statfs)) < 0
        || Structs.statfsType(statfs) == OVERLAYFS_SUPER_MAGIC;
  }

  /** Copies the data between holes until there is no more. */
  private void copyPieces() throws IOException {
    Cursor cursor = source.cursor();
    // ZFS overlooks data that was written through a mapping until some of the file is read (openzfs
    // 11697).
    cursor.read(new byte[1], 1);
    while (true) {
      long data = cursor.data(at);
      if (data == -Errno.ENXIO) {
        at = Math.max(at, cursor.end());
        return;
      }
      long hole = data < at ? -Errno.EINVAL : cursor.hole(data);
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
        written = at;
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
        if (isRefusedToAll(result)) {
          host.mounts().lacks(target.seen().mount(), Capability.COPY_RANGE);
        }
        return 0;
      }
      default -> throw Errnos.exception("copy_file_range", result, target.display());
    }
  }

  /** The witness call: without files it is EBADF wherever there is copy_file_range at all. */
  private boolean isRefusedToAll(long result) {
    return (result == -Errno.ENOSYS || result == -Errno.EPERM)
        && sys.copy_file_range(-1, 0, -1, 0, 0) == result;
  }

  private boolean copyBytes(long end) throws IOException {
    if (buffer.length == 0) {
      buffer = new byte[(int) Math.max(SMALLEST_BUFFER_BYTES, Math.min(BUFFER_BYTES, total + 1))];
    }
    source.cursor().moveTo(at);
    target.cursor().moveTo(at);
    while (at < end) {
      int wanted = (int) Math.min(buffer.length, end - at);
      int read = source.cursor().read(buffer, wanted);
      if (read == 0) {
        return false;
      }
      target.cursor().write(buffer, read);
      at += read;
      written = at;
      if (read < wanted && at == total) {
        // A short read that ends where the size says is the end.
        return false;
      }
    }
    return true;
  }
}
