package dev.safefs.sys;

/**
 * The Linux system calls SafeFS makes, named and shaped as in their man pages.
 *
 * <p>Every method returns what the kernel returns: a value {@code >= 0}, or {@code -errno} (see
 * {@link Errno}). No method throws for a failed call, and none keeps state. Paths and names are C
 * strings: bytes that end in NUL. Flag values come from {@link Abi}. The kernel's own behaviour is
 * meant, not a C library's: {@code renameat2} and {@code openat2} answer {@code -ENOSYS} where they
 * are missing, never {@code -EINVAL} made up by a wrapper.
 *
 * <p>Implementations: one for Java 17 and later over JNR, one for Java 22 and later over the
 * Foreign Function and Memory API. Both pass one contract test. Decorators trace, fail or deny
 * calls in tests.
 */
public interface Syscalls {

  /** {@code int openat(int dirfd, const char *path, int flags, mode_t mode)}; openat(2). */
  int openat(int dirfd, byte[] path, int flags, int mode);

  /**
   * {@code int openat2(int dirfd, const char *path, struct open_how *how, size_t size)};
   * openat2(2), Linux 5.6.
   */
  int openat2(int dirfd, byte[] path, long flags, long mode, long resolve);

  /** {@code int close(int fd)}; close(2). Never to be retried, also not on EINTR. */
  int close(int fd);

  /**
   * {@code int statx(int dirfd, const char *path, int flags, unsigned mask, struct statx *buf)};
   * statx(2), Linux 4.11.
   */
  int statx(int dirfd, byte[] path, int flags, int mask, byte[] statxbuf);

  /**
   * {@code int newfstatat(int dirfd, const char *path, struct stat *statbuf, int flags)}; stat(2),
   * with AT_EMPTY_PATH Linux 2.6.39. For where statx is missing or denied.
   *
   * @param statbuf {@link StatLayout#sizeBytes} of this CPU
   */
  int newfstatat(int dirfd, byte[] path, byte[] statbuf, int flags);

  /**
   * {@code ssize_t getdents64(int fd, void *dirp, size_t count)}; getdents64(2). Fills at most
   * {@code dirp.length} bytes.
   */
  int getdents64(int fd, byte[] dirp);

  /**
   * {@code ssize_t readlinkat(int dirfd, const char *path, char *buf, size_t size)}; readlinkat(2).
   * An empty path means dirfd.
   */
  int readlinkat(int dirfd, byte[] path, byte[] buf);

  /**
   * {@code int renameat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath)};
   * renameat(2).
   */
  int renameat(int olddirfd, byte[] oldpath, int newdirfd, byte[] newpath);

  /** {@code int renameat2(…, unsigned flags)}; renameat2(2), Linux 3.15. */
  int renameat2(int olddirfd, byte[] oldpath, int newdirfd, byte[] newpath, int flags);

  /**
   * {@code int linkat(int olddirfd, const char *oldpath, int newdirfd, const char *newpath, int
   * flags)}; linkat(2).
   */
  int linkat(int olddirfd, byte[] oldpath, int newdirfd, byte[] newpath, int flags);

  /**
   * {@code int symlinkat(const char *target, int newdirfd, const char *linkpath)}; symlinkat(2).
   */
  int symlinkat(byte[] target, int newdirfd, byte[] linkpath);

  /** {@code int unlinkat(int dirfd, const char *path, int flags)}; unlinkat(2). */
  int unlinkat(int dirfd, byte[] path, int flags);

  /** {@code int mkdirat(int dirfd, const char *path, mode_t mode)}; mkdirat(2). */
  int mkdirat(int dirfd, byte[] path, int mode);

  /** {@code int mknodat(int dirfd, const char *path, mode_t mode, dev_t dev)}; mknodat(2). */
  int mknodat(int dirfd, byte[] path, int mode, long dev);

  /**
   * {@code int faccessat2(int dirfd, const char *path, int mode, int flags)}; faccessat2(2), Linux
   * 5.8.
   */
  int faccessat2(int dirfd, byte[] path, int mode, int flags);

  /** {@code int fchmod(int fd, mode_t mode)}; fchmod(2). EBADF for an O_PATH descriptor. */
  int fchmod(int fd, int mode);

  /**
   * {@code int fchmodat(int dirfd, const char *path, mode_t mode)}; fchmodat(2), which always
   * follows a final link.
   */
  int fchmodat(int dirfd, byte[] path, int mode);

  /**
   * {@code int fchmodat2(int dirfd, const char *path, mode_t mode, int flags)}; fchmodat2(2), Linux
   * 6.6.
   */
  int fchmodat2(int dirfd, byte[] path, int mode, int flags);

  /**
   * {@code int fchownat(int dirfd, const char *path, uid_t owner, gid_t group, int flags)};
   * fchownat(2). -1 leaves an id.
   */
  int fchownat(int dirfd, byte[] path, int owner, int group, int flags);

  /**
   * {@code int utimensat(int dirfd, const char *path, const struct timespec times[2], int flags)};
   * utimensat(2).
   *
   * @param path one of length 0 (not even a NUL) is passed as a null pointer: the call acts on
   *     {@code dirfd} itself, which must not be O_PATH
   * @param times 32 bytes in native order: seconds and nanoseconds of access, then of modification,
   *     each 64 bits
   */
  int utimensat(int dirfd, byte[] path, byte[] times, int flags);

  /** {@code int fsync(int fd)}; fsync(2). A failed one must never be retried. */
  int fsync(int fd);

  /** {@code int fdatasync(int fd)}; fdatasync(2). */
  int fdatasync(int fd);

  /** {@code int ftruncate(int fd, off_t length)}; ftruncate(2). */
  int ftruncate(int fd, long length);

  /**
   * {@code off_t lseek(int fd, off_t offset, int whence)}; lseek(2), with SEEK_DATA and SEEK_HOLE
   * since Linux 3.1.
   */
  long lseek(int fd, long offset, int whence);

  /**
   * {@code ssize_t read(int fd, void *buf, size_t count)}; read(2). Fills at most {@code count}
   * bytes of {@code buf}.
   */
  int read(int fd, byte[] buf, int count);

  /**
   * {@code ssize_t write(int fd, const void *buf, size_t count)} from {@code buf[offset]};
   * write(2).
   */
  int write(int fd, byte[] buf, int offset, int count);

  /**
   * {@code ssize_t copy_file_range(int fd_in, off_t *off_in, int fd_out, off_t *off_out, size_t
   * len, 0)}; copy_file_range(2), Linux 4.5, between file systems 5.3. Both offsets are passed
   * explicitly; file positions stay.
   */
  long copy_file_range(int fdIn, long offIn, int fdOut, long offOut, long len);

  /** {@code int ioctl(int dest_fd, FICLONE, int src_fd)}; ioctl_ficlone(2), Linux 4.5. */
  int ioctl_ficlone(int destFd, int srcFd);

  /**
   * {@code ssize_t fgetxattr(int fd, const char *name, void *value, size_t size)}; getxattr(2).
   * Length 0 asks for the size.
   */
  int fgetxattr(int fd, byte[] name, byte[] value);

  /**
   * {@code ssize_t getxattr(const char *path, const char *name, void *value, size_t size)};
   * getxattr(2).
   */
  int getxattr(byte[] path, byte[] name, byte[] value);

  /**
   * {@code int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)};
   * setxattr(2).
   */
  int fsetxattr(int fd, byte[] name, byte[] value, int flags);

  /**
   * {@code int setxattr(const char *path, const char *name, const void *value, size_t size, int
   * flags)}; setxattr(2).
   */
  int setxattr(byte[] path, byte[] name, byte[] value, int flags);

  /**
   * {@code ssize_t flistxattr(int fd, char *list, size_t size)}; listxattr(2). Length 0 asks for
   * the size.
   */
  int flistxattr(int fd, byte[] list);

  /** {@code ssize_t listxattr(const char *path, char *list, size_t size)}; listxattr(2). */
  int listxattr(byte[] path, byte[] list);

  /** {@code int fremovexattr(int fd, const char *name)}; removexattr(2). */
  int fremovexattr(int fd, byte[] name);

  /** {@code int removexattr(const char *path, const char *name)}; removexattr(2). */
  int removexattr(byte[] path, byte[] name);

  /**
   * {@code int fcntl(int fd, int cmd, long arg)} for commands with an integer argument; fcntl(2).
   */
  int fcntl(int fd, int cmd, long arg);

  /**
   * {@code int fcntl(int fd, int cmd, struct flock *lock)} for F_OFD_SETLK and F_OFD_GETLK;
   * fcntl(2), Linux 3.15.
   *
   * @param flock the kernel's 64-bit struct flock, 32 bytes in native order; F_OFD_GETLK fills it
   */
  int fcntl(int fd, int cmd, byte[] flock);

  /**
   * {@code int fstatfs(int fd, struct statfs *buf)}; statfs(2), 120 bytes. Works on O_PATH
   * descriptors since Linux 3.12.
   */
  int fstatfs(int fd, byte[] statfsbuf);

  /**
   * {@code ssize_t getrandom(void *buf, size_t buflen, unsigned int flags)}; getrandom(2). Up to
   * 256 bytes come whole.
   */
  int getrandom(byte[] buf, int flags);

  /** {@code uid_t geteuid(void)}; geteuid(2). Never fails. */
  int geteuid();
}
