package dev.safefs.linux;

import static java.util.Objects.requireNonNull;

import dev.safefs.handle.AcrossEngines;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Kept;
import dev.safefs.handle.Name;
import dev.safefs.handle.Space;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import dev.safefs.request.Reflink;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessMode;
import java.nio.file.FileStore;
import java.nio.file.OpenOption;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.FileAttributeView;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;

/** An object's descriptor: one opened with O_PATH, or one for its content. */
final class FdFile implements FileHandle {
  /** What the descriptor was opened for. */
  enum Use {
    /** Resolution only: O_PATH, on which calls that take a descriptor's number fail with EBADF. */
    RESOLUTION,
    /** Reading only. */
    READING,
    /** Writing, and perhaps reading. */
    WRITING
  }

  private final Host host;
  private final Syscalls sys;
  private final Fd fd;
  private final Use use;
  private final String display;
  private final Cursor cursor;

  /**
   * What the last look showed. Of an object that is held the type never changes, the rest is a
   * hint.
   */
  private volatile @Nullable Seen seen;

  /**
   * What a look at an object shows.
   *
   * @param type its type
   * @param sizeBytes its size, as of then
   * @param blocks of 512 bytes that it takes, as of then
   * @param mount the mount it was opened on
   */
  record Seen(FileType type, long sizeBytes, long blocks, MountKey mount) {}

  private FdFile(Host host, Fd fd, Use use, String display) {
    this.host = host;
    this.sys = host.sys();
    this.fd = fd;
    this.use = use;
    this.display = display;
    this.cursor = new Cursor(host.sys(), fd, display);
  }

  /** Takes over an O_PATH descriptor. */
  static FdFile forResolution(Host host, Fd fd, String display) {
    return new FdFile(host, fd, Use.RESOLUTION, display);
  }

  /** Takes over a descriptor for reading or writing. */
  static FdFile forContent(Host host, Fd fd, Access access, String display) {
    return new FdFile(host, fd, access == Access.READ ? Use.READING : Use.WRITING, display);
  }

  @Override
  public Stat stat() throws IOException {
    return StatxReader.stat(look());
  }

  @Override
  public boolean isStored() throws IOException {
    return MountTraits.allow(host, fd, seen().mount(), Capability.STORAGE);
  }

  @Override
  public FileHandle reopen(Access access) throws IOException {
    int mode =
        switch (access) {
          case READ -> Abi.O_RDONLY;
          case WRITE -> Abi.O_WRONLY;
          case READ_WRITE -> Abi.O_RDWR;
        };
    // Not for regular files, where O_NONBLOCK makes a leased file fail.
    int nonblock = seen().type().isSpecial() ? Abi.O_NONBLOCK : 0;
    int flags = mode | nonblock | Abi.O_NOCTTY | Abi.O_CLOEXEC;
    int result = openAgain(flags);
    if (result < 0) {
      throw Errnos.exception("openat", result, display);
    }
    FdFile reopened = forContent(host, host.own(result), access, display);
    reopened.seen = seen;
    return reopened;
  }

  /** A directory leads to itself, also without procfs. */
  private int openAgain(int flags) throws IOException {
    return !isReachable() && seen().type() == FileType.DIRECTORY
        ? fd.call(n -> sys.openat(n, CString.DOT, flags | Abi.O_DIRECTORY, 0))
        : host.proc().path(fd, display, path -> sys.openat(Abi.AT_FDCWD, path, flags, 0));
  }

  @Override
  public FileChannel channel(Set<? extends OpenOption> options) throws IOException {
    return viaDelegate((delegate, path) -> delegate.newFileChannel(path, options));
  }

  @Override
  public AsynchronousFileChannel asynchronousChannel(
      Set<? extends OpenOption> options, Optional<ExecutorService> executor) throws IOException {
    return viaDelegate(
        (delegate, path) ->
            delegate.newAsynchronousFileChannel(path, options, executor.orElse(null)));
  }

  @Override
  public <V extends FileAttributeView> Optional<V> view(Class<V> type) {
    return new HandleViews(this).view(type);
  }

  @Override
  public Map<String, Object> readAttributes(String attributes) throws IOException {
    return new HandleViews(this).read(attributes);
  }

  @Override
  public void setAttribute(String attribute, Object value) throws IOException {
    new HandleViews(this).set(attribute, value);
  }

  @Override
  public void setMode(int mode) throws IOException {
    int result =
        use != Use.RESOLUTION
            ? fd.call(n -> sys.fchmod(n, mode))
            : fd.call(n -> sys.fchmodat2(n, CString.EMPTY, mode, Abi.AT_EMPTY_PATH));
    // fchmodat2: Linux 6.6. A file that may not be changed gives EPERM by path too.
    if (use == Use.RESOLUTION && isPerhapsMissing(result) && isToBeTriedByPath(result)) {
      result = host.proc().path(fd, display, path -> sys.fchmodat(Abi.AT_FDCWD, path, mode));
    }
    if (result < 0) {
      throw Errnos.exception("fchmod", result, display);
    }
  }

  @Override
  public void setOwner(int owner, int group) throws IOException {
    int result = fd.call(n -> sys.fchownat(n, CString.EMPTY, owner, group, Abi.AT_EMPTY_PATH));
    if (result < 0) {
      throw Errnos.exception("fchownat", result, display);
    }
  }

  @Override
  public void setTimes(Instant accessed, Instant modified) throws IOException {
    setTimes(
        Structs.timespecs(
            accessed.getEpochSecond(),
            accessed.getNano(),
            modified.getEpochSecond(),
            modified.getNano()));
  }

  @Override
  public boolean sharesEngineWith(FileHandle other) {
    return other instanceof FdFile;
  }

  @Override
  public boolean knowsOwner(Stat stat) {
    return host.proc().hasNumbers(stat);
  }

  @Override
  public Kept copyExtendedAttributesTo(FileHandle target) throws IOException {
    if (target instanceof FdFile ours) {
      return xattrs().copyTo(ours.xattrs());
    }
    AcrossEngines.copyUserAttributes(this, target);
    return Kept.FOR_GOOD;
  }

  @Override
  public void checkAccess(AccessMode... modes) throws IOException {
    int mode = Abi.F_OK;
    for (AccessMode each : modes) {
      mode |=
          switch (each) {
            case READ -> Abi.R_OK;
            case WRITE -> Abi.W_OK;
            case EXECUTE -> Abi.X_OK;
          };
    }
    int wanted = mode;
    int flags = Abi.AT_EACCESS | Abi.AT_EMPTY_PATH;
    int result = fd.call(n -> sys.faccessat2(n, CString.EMPTY, wanted, flags));
    // faccessat2: Linux 5.8. The witness of EPERM is the question whether the object exists.
    if (isPerhapsMissing(result)
        && fd.call(n -> sys.faccessat2(n, CString.EMPTY, Abi.F_OK, flags)) < 0) {
      this.<Optional<Object>>viaDelegate(
          (delegate, path) -> {
            delegate.checkAccess(path, modes);
            return Optional.empty();
          });
      return;
    }
    if (result < 0) {
      throw Errnos.exception("faccessat2", result, display);
    }
  }

  @Override
  public void copyContentTo(FileHandle target, CopyMonitor monitor) throws IOException {
    copyContentTo(target, Reflink.AUTO, monitor);
  }

  @Override
  public void copyContentTo(FileHandle target, Reflink reflink, CopyMonitor monitor)
      throws IOException {
    RangeCopy.run(host, this, target, reflink, monitor);
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    int result = fd.call(n -> sys.ftruncate(n, sizeBytes));
    if (result < 0) {
      throw Errnos.exception("ftruncate", result, display);
    }
  }

  @Override
  public void sync(SyncScope scope) throws IOException {
    boolean all = scope == SyncScope.CONTENT_AND_ATTRIBUTES;
    int result = fd.once(n -> all ? sys.fsync(n) : sys.fdatasync(n));
    if (result < 0) {
      throw Errnos.exception(all ? "fsync" : "fdatasync", result, display);
    }
  }

  @Override
  public Optional<Closeable> tryLock() throws IOException {
    return use == Use.WRITING
        ? OpenFileLock.tryWriteLock(sys, fd, display)
        : OpenFileLock.tryLock(sys, fd, display);
  }

  @Override
  public boolean isLastNamed(Name name) throws IOException {
    return host.proc().isLastNamed(fd, display, name);
  }

  @Override
  public String readLink() throws IOException {
    return SymbolicLink.read(sys, fd, display);
  }

  @Override
  public FileStore fileStore() throws IOException {
    return HeldFileStore.find(host, this);
  }

  @Override
  public Optional<Space> space() throws IOException {
    return HeldFileStore.space(host, fd);
  }

  @Override
  public WatchKey register(
      WatchService service, WatchEvent.Kind<?>[] kinds, WatchEvent.Modifier... modifiers)
      throws IOException {
    return viaDelegate((delegate, path) -> path.register(service, kinds, modifiers));
  }

  @Override
  public String display() {
    return display;
  }

  /**
   * Closes the descriptor. An error of a file that was written may be the only word of lost
   * content.
   */
  @Override
  public void close() throws IOException {
    int result = fd.close();
    if (result < 0 && use != Use.RESOLUTION) {
      throw Errnos.exception("close", result, display);
    }
  }

  Fd fd() {
    return fd;
  }

  Xattrs xattrs() {
    return new Xattrs(host, fd, use, display);
  }

  /** Returns the mount it was opened on, if a look has shown it. */
  @Nullable MountKey seenMount() {
    Seen last = seen;
    return last == null ? null : last.mount();
  }

  /** Returns what the last look showed, or looks. */
  Seen seen() throws IOException {
    Seen last = seen;
    if (last == null) {
      look();
      last = requireNonNull(seen);
    }
    return last;
  }

  /** Returns the place in the file that this descriptor reads and writes at. */
  Cursor cursor() {
    return cursor;
  }

  private byte[] look() throws IOException {
    byte[] statx = StatxReader.require(sys, fd, display);
    seen =
        new Seen(
            StatxReader.type(statx),
            Structs.statxSize(statx),
            Structs.statxBlocks(statx),
            StatxReader.mount(statx));
    return statx;
  }

  /** Sets times without opening the object, as the delegate would. */
  void setTimes(byte[] timespecs) throws IOException {
    int result = fd.call(n -> sys.utimensat(n, CString.EMPTY, timespecs, Abi.AT_EMPTY_PATH));
    // AT_EMPTY_PATH: Linux 5.8.
    if (result == -Errno.ENOENT || (isPerhapsMissing(result) && isToBeTriedByPath(result))) {
      result =
          host.proc().path(fd, display, path -> sys.utimensat(Abi.AT_FDCWD, path, timespecs, 0));
    }
    if (result < 0) {
      throw Errnos.exception("utimensat", result, display);
    }
  }

  /** Tells whether the delegate can be led to the object. */
  boolean isReachable() {
    return host.proc().isAvailable();
  }

  /** Tells whether statx(2), by which the newer JDKs ask, is missing or denied. */
  boolean isStatxDenied() throws IOException {
    return StatxReader.isDenied(sys, fd);
  }

  Principals principals() {
    return host.principals();
  }

  <T> T viaDelegate(ProcFd.Call<T> call) throws IOException {
    return host.proc().call(fd, display, call);
  }

  /** EPERM is mostly about the object, so without another way it is the answer. */
  private boolean isToBeTriedByPath(int result) {
    return result != -Errno.EPERM || isReachable();
  }

  private static boolean isPerhapsMissing(int result) {
    return result == -Errno.ENOSYS || result == -Errno.EPERM || result == -Errno.EINVAL;
  }
}
