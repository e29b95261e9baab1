package dev.safefs.sys;

import java.util.Objects;

/**
 * The system calls over any backend: arguments are marshalled here and nowhere else.
 *
 * <p>All go through {@code syscall(2)}. That keeps the kernel's own answers (glibc 2.36 has no
 * openat2, and turns the ENOSYS of renameat2 into EINVAL), and one native signature serves every
 * call. An {@code int} is passed sign-extended; the kernel reads its lower half.
 */
final class KernelSyscalls implements Syscalls {
  private final FramePool frames;
  private final Trap.Factory traps;

  KernelSyscalls(Trap.Factory traps) {
    this.frames = new FramePool(traps);
    this.traps = traps;
  }

  /** Names the backend. */
  @Override
  public String toString() {
    return traps.toString();
  }

  @Override
  public int openat(int dirfd, byte[] path, int flags, int mode) {
    return at(SyscallNumber.OPENAT, dirfd, path, flags, mode);
  }

  @Override
  public int openat2(int dirfd, byte[] path, long flags, long mode, long resolve) {
    try (Frame frame = frames.take()) {
      long how = frame.putLong(0, flags);
      frame.putLong(8, mode);
      frame.putLong(16, resolve);
      long name = frame.putFirst(path);
      long size = Structs.OPEN_HOW_SIZE_BYTES;
      return (int) frame.syscall(SyscallNumber.OPENAT2, dirfd, name, how, size, 0);
    }
  }

  @Override
  public int close(int fd) {
    return (int) call(SyscallNumber.CLOSE, fd, 0, 0);
  }

  @Override
  public int statx(int dirfd, byte[] path, int flags, int mask, byte[] statxbuf) {
    try (Frame frame = frames.take()) {
      long name = frame.putFirst(path);
      long buf = frame.data();
      long result = frame.syscall(SyscallNumber.STATX, dirfd, name, flags, mask, buf);
      return filledStruct(frame, result, statxbuf, Structs.STATX_SIZE_BYTES);
    }
  }

  @Override
  public int newfstatat(int dirfd, byte[] path, byte[] statbuf, int flags) {
    try (Frame frame = frames.take()) {
      long name = frame.putFirst(path);
      long result = frame.syscall(SyscallNumber.NEWFSTATAT, dirfd, name, frame.data(), flags, 0);
      return filledStruct(frame, result, statbuf, StatLayout.current().sizeBytes());
    }
  }

  @Override
  public int getdents64(int fd, byte[] dirp) {
    return fill(SyscallNumber.GETDENTS64, fd, dirp, dirp.length);
  }

  @Override
  public int readlinkat(int dirfd, byte[] path, byte[] buf) {
    try (Frame frame = frames.take()) {
      long name = frame.putFirst(path);
      long size = capped(buf.length);
      long result = frame.syscall(SyscallNumber.READLINKAT, dirfd, name, frame.data(), size, 0);
      return filled(frame, result, buf);
    }
  }

  @Override
  public int renameat(int olddirfd, byte[] oldpath, int newdirfd, byte[] newpath) {
    return atAt(SyscallNumber.RENAMEAT, olddirfd, oldpath, newdirfd, newpath, 0);
  }

  @Override
  public int renameat2(int olddirfd, byte[] oldpath, int newdirfd, byte[] newpath, int flags) {
    return atAt(SyscallNumber.RENAMEAT2, olddirfd, oldpath, newdirfd, newpath, flags);
  }

  @Override
  public int linkat(int olddirfd, byte[] oldpath, int newdirfd, byte[] newpath, int flags) {
    return atAt(SyscallNumber.LINKAT, olddirfd, oldpath, newdirfd, newpath, flags);
  }

  @Override
  public int symlinkat(byte[] target, int newdirfd, byte[] linkpath) {
    try (Frame frame = frames.take()) {
      long content = frame.putFirst(target);
      long name = frame.putSecond(linkpath);
      return (int) frame.syscall(SyscallNumber.SYMLINKAT, content, newdirfd, name, 0, 0);
    }
  }

  @Override
  public int unlinkat(int dirfd, byte[] path, int flags) {
    return at(SyscallNumber.UNLINKAT, dirfd, path, flags, 0);
  }

  @Override
  public int mkdirat(int dirfd, byte[] path, int mode) {
    return at(SyscallNumber.MKDIRAT, dirfd, path, mode, 0);
  }

  @Override
  public int mknodat(int dirfd, byte[] path, int mode, long dev) {
    return at(SyscallNumber.MKNODAT, dirfd, path, mode, dev);
  }

  @Override
  public int faccessat2(int dirfd, byte[] path, int mode, int flags) {
    return at(SyscallNumber.FACCESSAT2, dirfd, path, mode, flags);
  }

  @Override
  public int fchmod(int fd, int mode) {
    return (int) call(SyscallNumber.FCHMOD, fd, mode, 0);
  }

  @Override
  public int fchmodat(int dirfd, byte[] path, int mode) {
    return at(SyscallNumber.FCHMODAT, dirfd, path, mode, 0);
  }

  @Override
  public int fchmodat2(int dirfd, byte[] path, int mode, int flags) {
    return at(SyscallNumber.FCHMODAT2, dirfd, path, mode, flags);
  }

  @Override
  public int fchownat(int dirfd, byte[] path, int owner, int group, int flags) {
    try (Frame frame = frames.take()) {
      long name = frame.putFirst(path);
      return (int) frame.syscall(SyscallNumber.FCHOWNAT, dirfd, name, owner, group, flags);
    }
  }

  @Override
  public int utimensat(int dirfd, byte[] path, byte[] times, int flags) {
    try (Frame frame = frames.take()) {
      long name = path.length == 0 ? 0 : frame.putFirst(path);
      long timespecs = frame.putData(times, 0, Structs.TIMESPECS_SIZE_BYTES);
      return (int) frame.syscall(SyscallNumber.UTIMENSAT, dirfd, name, timespecs, flags, 0);
    }
  }

  @Override
  public int fsync(int fd) {
    return (int) call(SyscallNumber.FSYNC, fd, 0, 0);
  }

  @Override
  public int fdatasync(int fd) {
    return (int) call(SyscallNumber.FDATASYNC, fd, 0, 0);
  }

  @Override
  public int ftruncate(int fd, long length) {
    return (int) call(SyscallNumber.FTRUNCATE, fd, length, 0);
  }

  @Override
  public long lseek(int fd, long offset, int whence) {
    return call(SyscallNumber.LSEEK, fd, offset, whence);
  }

  @Override
  public int read(int fd, byte[] buf, int count) {
    Objects.checkFromIndexSize(0, count, buf.length);
    return fill(SyscallNumber.READ, fd, buf, count);
  }

  @Override
  public int write(int fd, byte[] buf, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, buf.length);
    try (Frame frame = frames.take()) {
      long data = frame.putData(buf, offset, count);
      return (int) frame.syscall(SyscallNumber.WRITE, fd, data, capped(count), 0, 0);
    }
  }

  @Override
  public long copy_file_range(int fdIn, long offIn, int fdOut, long offOut, long len) {
    try (Frame frame = frames.take()) {
      long in = frame.putLong(0, offIn);
      long out = frame.putLong(8, offOut);
      return frame.syscall(SyscallNumber.COPY_FILE_RANGE, fdIn, in, fdOut, out, len, 0);
    }
  }

  @Override
  public int ioctl_ficlone(int destFd, int srcFd) {
    return (int) call(SyscallNumber.IOCTL, destFd, Abi.FICLONE, srcFd);
  }

  @Override
  public int fgetxattr(int fd, byte[] name, byte[] value) {
    try (Frame frame = frames.take()) {
      return getxattr(frame, SyscallNumber.FGETXATTR, fd, name, value);
    }
  }

  @Override
  public int getxattr(byte[] path, byte[] name, byte[] value) {
    try (Frame frame = frames.take()) {
      return getxattr(frame, SyscallNumber.GETXATTR, frame.putFirst(path), name, value);
    }
  }

  @Override
  public int fsetxattr(int fd, byte[] name, byte[] value, int flags) {
    try (Frame frame = frames.take()) {
      return setxattr(frame, SyscallNumber.FSETXATTR, fd, name, value, flags);
    }
  }

  @Override
  public int setxattr(byte[] path, byte[] name, byte[] value, int flags) {
    try (Frame frame = frames.take()) {
      return setxattr(frame, SyscallNumber.SETXATTR, frame.putFirst(path), name, value, flags);
    }
  }

  @Override
  public int flistxattr(int fd, byte[] list) {
    return fill(SyscallNumber.FLISTXATTR, fd, list, list.length);
  }

  @Override
  public int listxattr(byte[] path, byte[] list) {
    try (Frame frame = frames.take()) {
      long file = frame.putFirst(path);
      long size = capped(list.length);
      return filled(
          frame, frame.syscall(SyscallNumber.LISTXATTR, file, frame.data(), size, 0, 0), list);
    }
  }

  @Override
  public int fremovexattr(int fd, byte[] name) {
    return at(SyscallNumber.FREMOVEXATTR, fd, name, 0, 0);
  }

  @Override
  public int removexattr(byte[] path, byte[] name) {
    try (Frame frame = frames.take()) {
      long file = frame.putFirst(path);
      return (int) frame.syscall(SyscallNumber.REMOVEXATTR, file, frame.putSecond(name), 0, 0, 0);
    }
  }

  @Override
  public int fcntl(int fd, int cmd, long arg) {
    return (int) call(SyscallNumber.FCNTL, fd, cmd, arg);
  }

  @Override
  public int fcntl(int fd, int cmd, byte[] flock) {
    try (Frame frame = frames.take()) {
      long lock = frame.putData(flock, 0, Structs.FLOCK_SIZE_BYTES);
      long result = frame.syscall(SyscallNumber.FCNTL, fd, cmd, lock, 0, 0);
      return filledStruct(frame, result, flock, Structs.FLOCK_SIZE_BYTES);
    }
  }

  @Override
  public int fstatfs(int fd, byte[] statfsbuf) {
    try (Frame frame = frames.take()) {
      long result = frame.syscall(SyscallNumber.FSTATFS, fd, frame.data(), 0, 0, 0);
      return filledStruct(frame, result, statfsbuf, Structs.STATFS_SIZE_BYTES);
    }
  }

  @Override
  public int getrandom(byte[] buf, int flags) {
    try (Frame frame = frames.take()) {
      long count = capped(buf.length);
      long result = frame.syscall(SyscallNumber.GETRANDOM, frame.data(), count, flags, 0, 0);
      return filled(frame, result, buf);
    }
  }

  @Override
  public int geteuid() {
    return (int) call(SyscallNumber.GETEUID, 0, 0, 0);
  }

  /** Makes a call without memory. */
  private long call(SyscallNumber number, long a, long b, long c) {
    try (Frame frame = frames.take()) {
      return frame.syscall(number, a, b, c, 0, 0);
    }
  }

  /** Makes a call whose second argument is a C string. */
  private int at(SyscallNumber number, int dirfd, byte[] path, long c, long d) {
    try (Frame frame = frames.take()) {
      return (int) frame.syscall(number, dirfd, frame.putFirst(path), c, d, 0);
    }
  }

  /** Makes a call with two pairs of directory and path. */
  private int atAt(
      SyscallNumber number, int olddirfd, byte[] oldpath, int newdirfd, byte[] newpath, int flags) {
    try (Frame frame = frames.take()) {
      long oldname = frame.putFirst(oldpath);
      long newname = frame.putSecond(newpath);
      return (int) frame.syscall(number, olddirfd, oldname, newdirfd, newname, flags);
    }
  }

  /** Makes a call that fills up to {@code count} bytes from a descriptor. */
  private int fill(SyscallNumber number, int fd, byte[] buf, int count) {
    try (Frame frame = frames.take()) {
      return filled(frame, frame.syscall(number, fd, frame.data(), capped(count), 0, 0), buf);
    }
  }

  private static int getxattr(
      Frame frame, SyscallNumber number, long file, byte[] name, byte[] value) {
    long attribute = frame.putSecond(name);
    long size = capped(value.length);
    return filled(frame, frame.syscall(number, file, attribute, frame.data(), size, 0), value);
  }

  // The size is passed as it is: for one beyond the limit the kernel answers E2BIG before it reads
  // the value.
  private static int setxattr(
      Frame frame, SyscallNumber number, long file, byte[] name, byte[] value, int flags) {
    long attribute = frame.putSecond(name);
    long data = frame.putData(value, 0, value.length);
    return (int) frame.syscall(number, file, attribute, data, value.length, flags);
  }

  /**
   * Copies what a call put into the frame; one that was only asked for a size (length 0) put
   * nothing.
   */
  private static int filled(Frame frame, long result, byte[] buf) {
    if (result > 0 && buf.length > 0) {
      frame.getData(buf, (int) result);
    }
    return (int) result;
  }

  private static int filledStruct(Frame frame, long result, byte[] struct, int size) {
    if (result >= 0) {
      frame.getData(struct, size);
    }
    return (int) result;
  }

  private static int capped(int size) {
    return Math.min(size, Frame.DATA_SIZE_BYTES);
  }
}
