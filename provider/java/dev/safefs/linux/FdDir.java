package dev.safefs.linux;

import dev.safefs.MountPolicy;
import dev.safefs.handle.AcrossEngines;
import dev.safefs.handle.Capabilities;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Shown;
import dev.safefs.handle.Stat;
import dev.safefs.request.Access;
import dev.safefs.request.Replace;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A directory's descriptor, opened with O_PATH, and {@code *at} calls on single names. */
final class FdDir implements Dir {
  private static final int ITSELF = Abi.O_PATH | Abi.O_NOFOLLOW | Abi.O_CLOEXEC;
  private static final int CREATE =
      Abi.O_RDWR | Abi.O_CREAT | Abi.O_EXCL | Abi.O_NOFOLLOW | Abi.O_CLOEXEC;

  private final Host host;
  private final Syscalls sys;
  private final Fd fd;
  private final Shown shown;
  private final MountPolicy mounts;
  private @Nullable MountKey mount;

  /** What the last look at this directory showed. */
  private byte @Nullable [] looked;

  /** The last file made without a name, whose mount is this directory's. */
  private @Nullable FdFile made;

  FdDir(Host host, Fd fd, Shown shown, MountPolicy mounts) {
    this.host = host;
    this.sys = host.sys();
    this.fd = fd;
    this.shown = shown;
    this.mounts = mounts;
  }

  @Override
  public Stat stat() throws IOException {
    byte[] statx = StatxReader.require(sys, fd, shown.dir());
    looked = statx;
    mount = StatxReader.mount(statx);
    return StatxReader.stat(statx);
  }

  @Override
  public Optional<Stat> stat(Name name) throws IOException {
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    int result = StatxReader.read(sys, fd, CString.of(name), statx);
    if (result == -Errno.ENOENT) {
      return Optional.empty();
    }
    if (result < 0) {
      throw Errnos.exception("statx", result, display(name));
    }
    return mounts == MountPolicy.STAY ? statOnMount(name) : Optional.of(StatxReader.stat(statx));
  }

  @Override
  public Optional<FileHandle> find(Name name) throws IOException {
    int result = openat(name, ITSELF);
    if (result == -Errno.ENOENT) {
      return Optional.empty();
    }
    if (result < 0) {
      throw Errnos.exception("openat", result, display(name));
    }
    return Optional.of(
        FdFile.forResolution(host, sameMount(host.own(result), name), display(name)));
  }

  @Override
  public Dir openDir(Name name) throws IOException {
    int result = openat(name, ITSELF | Abi.O_DIRECTORY);
    if (result == -Errno.ENOTDIR || result == -Errno.ELOOP) {
      throw new NotDirectoryException(display(name));
    }
    if (result < 0) {
      throw Errnos.exception("openat", result, display(name));
    }
    Fd dir = sameMount(host.own(result), name);
    return new FdDir(host, dir, Shown.directory(display(name)), mounts);
  }

  @Override
  public FileHandle self() throws IOException {
    return FdFile.forResolution(host, host.duplicate(fd, shown.dir()), shown.dir());
  }

  @Override
  public Optional<FileHandle> create(Name name, int mode) throws IOException {
    byte[] path = CString.of(name);
    int result = fd.once(n -> sys.openat(n, path, CREATE, mode));
    if (result == -Errno.EEXIST) {
      return Optional.empty();
    }
    if (result < 0) {
      throw Errnos.exception("openat", result, display(name));
    }
    return Optional.of(FdFile.forContent(host, host.own(result), Access.READ_WRITE, display(name)));
  }

  @Override
  public Optional<FileHandle> anonymous(int mode) throws IOException {
    int flags = Abi.O_TMPFILE | Abi.O_RDWR | Abi.O_CLOEXEC;
    int result = fd.call(n -> sys.openat(n, CString.DOT, flags, mode));
    if (result >= 0) {
      FdFile file = FdFile.forContent(host, host.own(result), Access.READ_WRITE, shown.dir());
      made = file;
      return Optional.of(file);
    }
    switch (-result) {
      case Errno.EOPNOTSUPP, Errno.EISDIR, Errno.EINVAL -> {
        lacks(Capability.ANONYMOUS_FILE);
        return Optional.empty();
      }
      // The answer of a kernel before 3.11, and of a directory that was removed.
      case Errno.ENOENT -> {
        requireAlive(shown.dir());
        return Optional.empty();
      }
      // Also ext4's answer for a directory that was removed.
      case Errno.EPERM -> {
        requireAlive(shown.dir());
        throw Errnos.exception("openat", result, shown.dir());
      }
      default -> throw Errnos.exception("openat", result, shown.dir());
    }
  }

  @Override
  public CreateResult mkdir(Name name, int mode) throws IOException {
    byte[] path = CString.of(name);
    int result = fd.once(n -> sys.mkdirat(n, path, mode));
    if (result == -Errno.EEXIST) {
      return CreateResult.EXISTS;
    }
    if (result < 0) {
      throw Errnos.exception("mkdirat", result, display(name));
    }
    return CreateResult.CREATED;
  }

  @Override
  public CreateResult symlink(String target, Name name) throws IOException {
    byte[] content = CString.of(target);
    byte[] path = CString.of(name);
    int result = fd.once(n -> sys.symlinkat(content, n, path));
    return created("symlinkat", result, name);
  }

  @Override
  public CreateResult mknod(Name name, Stat like) throws IOException {
    byte[] path = CString.of(name);
    int mode = StatxReader.typeBits(like.type()) | (like.mode() & 07777);
    int result = fd.once(n -> sys.mknodat(n, path, mode, like.device()));
    return result == -Errno.EINVAL ? CreateResult.UNSUPPORTED : created("mknodat", result, name);
  }

  @Override
  public CreateResult link(FileHandle file, Name name) throws IOException {
    return file instanceof FdFile ours
        ? HardLink.create(host, ours, this, name)
        : AcrossEngines.link(this, name);
  }

  @Override
  public CreateResult linkName(Name existing, Dir target, Name newName) throws IOException {
    return target instanceof FdDir ours
        ? HardLink.ofName(host, this, existing, ours, newName)
        : AcrossEngines.link(target, newName);
  }

  @Override
  public RenameResult rename(Name name, Dir target, Name newName, Replace replace)
      throws IOException {
    return target instanceof FdDir ours
        ? new Rename(host, this, name, ours, newName).run(replace)
        : RenameResult.CROSS_DEVICE;
  }

  @Override
  public RemoveResult unlink(Name name) throws IOException {
    byte[] path = CString.of(name);
    int result = fd.once(n -> sys.unlinkat(n, path, 0));
    return switch (-result) {
      case 0 -> RemoveResult.REMOVED;
      case Errno.ENOENT -> RemoveResult.ABSENT;
      case Errno.EISDIR -> RemoveResult.IS_DIRECTORY;
      case Errno.EACCES, Errno.EPERM -> ifDirectory(name, result);
      case Errno.EROFS -> ifAbsent(name, result);
      default -> throw Errnos.exception("unlinkat", result, display(name));
    };
  }

  @Override
  public RemoveResult rmdir(Name name) throws IOException {
    byte[] path = CString.of(name);
    int result = fd.once(n -> sys.unlinkat(n, path, Abi.AT_REMOVEDIR));
    return switch (-result) {
      case 0 -> RemoveResult.REMOVED;
      case Errno.ENOENT -> RemoveResult.ABSENT;
      case Errno.ENOTDIR -> RemoveResult.NOT_DIRECTORY;
      case Errno.ENOTEMPTY, Errno.EEXIST -> RemoveResult.NOT_EMPTY;
      case Errno.EROFS -> ifAbsent(name, result);
      default -> throw Errnos.exception("unlinkat", result, display(name));
    };
  }

  /** A security module may refuse files to be removed, and not directories; Landlock. */
  private RemoveResult ifDirectory(Name name, int result) throws IOException {
    if (stat(name).filter(stat -> stat.type() == FileType.DIRECTORY).isPresent()) {
      return RemoveResult.IS_DIRECTORY;
    }
    throw Errnos.exception("unlinkat", result, display(name));
  }

  /** The kernel says that a mount is read-only before it looks the name up. */
  private RemoveResult ifAbsent(Name name, int result) throws IOException {
    if (stat(name).isEmpty()) {
      return RemoveResult.ABSENT;
    }
    throw Errnos.exception("unlinkat", result, display(name));
  }

  @Override
  public Listing list() throws IOException {
    return new DirContent(host, this, shown.dir()).list();
  }

  @Override
  public void sync() throws IOException {
    new DirContent(host, this, shown.dir()).sync();
  }

  @Override
  public Capabilities capabilities() {
    return new FdCapabilities(host, this);
  }

  @Override
  public String display(Name name) {
    return shown.name(name);
  }

  @Override
  public void close() {
    fd.close();
  }

  Fd fd() {
    return fd;
  }

  void lacks(Capability capability) throws IOException {
    host.mounts().lacks(mount(), capability);
  }

  /** Throws if this directory was removed, in which no name can be made any more. */
  void requireAlive(String display) throws IOException {
    if (Structs.statxNlink(StatxReader.require(sys, fd, shown.dir())) == 0) {
      throw new NoSuchFileException(display);
    }
  }

  private CreateResult created(String call, int result, Name name) throws IOException {
    return switch (-result) {
      case 0 -> CreateResult.CREATED;
      case Errno.EEXIST -> CreateResult.EXISTS;
      case Errno.ENOSYS, Errno.EOPNOTSUPP -> CreateResult.UNSUPPORTED;
      // The file system has no such files, or the caller no right to make them; or nothing may be
      // made here.
      case Errno.EPERM -> {
        if (isImmutable()) {
          throw Errnos.exception(call, result, display(name));
        }
        yield CreateResult.UNSUPPORTED;
      }
      default -> throw Errnos.exception(call, result, display(name));
    };
  }

  /** Tells whether names can be made here, and not be removed, as of the last look. */
  boolean isAppendOnly() throws IOException {
    byte[] statx = looked;
    if (statx == null) {
      statx = StatxReader.require(sys, fd, shown.dir());
      looked = statx;
    }
    return (Structs.statxAttributes(statx) & Abi.STATX_ATTR_APPEND) != 0;
  }

  private boolean isImmutable() throws IOException {
    byte[] statx = StatxReader.require(sys, fd, shown.dir());
    return (Structs.statxAttributes(statx) & Abi.STATX_ATTR_IMMUTABLE) != 0;
  }

  private int openat(Name name, int flags) throws IOException {
    byte[] path = CString.of(name);
    return fd.call(n -> sys.openat(n, path, flags, 0));
  }

  /** Looks at what a name is on this mount, which only an open object tells for sure. */
  private Optional<Stat> statOnMount(Name name) throws IOException {
    Optional<FileHandle> found = find(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    try (FileHandle file = found.get()) {
      return Optional.of(file.stat());
    }
  }

  /** Checks promise R3 for what was opened in this directory, and closes it if it fails. */
  private Fd sameMount(Fd object, Name name) throws IOException {
    if (mounts == MountPolicy.STAY) {
      try {
        byte[] statx = StatxReader.require(sys, object, display(name));
        new MountBoundary(host, fd).check(object, statx, display(name));
      } catch (IOException | RuntimeException | Error e) {
        object.close();
        throw e;
      }
    }
    return object;
  }

  MountKey mount() throws IOException {
    MountKey known = mount;
    if (known == null && made != null) {
      known = made.seenMount();
      mount = known;
    }
    if (known == null) {
      known = StatxReader.mount(StatxReader.require(sys, fd, shown.dir()));
      mount = known;
    }
    return known;
  }
}
