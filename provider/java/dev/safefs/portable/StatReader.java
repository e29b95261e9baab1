package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Identity;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.DosFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.spi.FileSystemProvider;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads attributes through the richest view that the delegate has. What it does not tell is as for
 * a file of one's own.
 */
final class StatReader {
  private static final int TYPE_MASK = 0170000;
  private static final int PERMISSIONS = 07777;
  private static final int OWNER_WRITE = 0200;
  private static final int UNKNOWN_ID = -1;

  private final FileSystem fileSystem;
  private final FileSystemProvider provider;
  private final Set<String> views;
  private final Principals users = new Principals();
  private final Principals groups = new Principals();

  /** Whether any file had another time of creation than of modification, which may stand for it. */
  private volatile boolean knowsCreation;

  StatReader(FileSystemProvider provider, FileSystem fileSystem) {
    this.fileSystem = fileSystem;
    this.provider = provider;
    this.views = fileSystem.supportedFileAttributeViews();
  }

  Principals users() {
    return users;
  }

  Principals groups() {
    return groups;
  }

  /** Returns the class of attributes to read. */
  Class<? extends BasicFileAttributes> type() {
    return views.contains("posix")
        ? PosixFileAttributes.class
        : views.contains("dos") ? DosFileAttributes.class : BasicFileAttributes.class;
  }

  /** Reads the attributes of what has a path, a link itself included. */
  Stat read(Path path) throws IOException {
    if (views.contains("unix")) {
      return ofUnix(unix(path));
    }
    return of(provider.readAttributes(path, type(), LinkOption.NOFOLLOW_LINKS));
  }

  /**
   * Adds what only the view {@code unix} tells to attributes that were read by handle.
   *
   * @param stat read by handle
   * @param path where the same file should be
   */
  Stat enrich(Stat stat, Path path) throws IOException {
    if (!views.contains("unix")) {
      return stat;
    }
    Stat byPath = ofUnix(unix(path));
    if (!byPath.identity().equals(stat.identity())) {
      throw Failures.race("another file was seen by path than by handle");
    }
    return byPath;
  }

  Stat of(BasicFileAttributes basic) {
    FileType type = type(basic);
    int mode = type == FileType.SYMLINK ? 0777 : type == FileType.DIRECTORY ? 0700 : 0600;
    int owner = UNKNOWN_ID;
    int group = UNKNOWN_ID;
    if (basic instanceof PosixFileAttributes posix) {
      mode = type == FileType.SYMLINK ? mode : bits(posix.permissions());
      owner = users.number(posix.owner());
      group = groups.number(posix.group());
    } else if (basic instanceof DosFileAttributes dos && dos.isReadOnly()) {
      mode &= ~OWNER_WRITE;
    }
    Instant modified = basic.lastModifiedTime().toInstant();
    return new Stat(
        type,
        mode,
        owner,
        group,
        basic.size(),
        1,
        0,
        basic.lastAccessTime().toInstant(),
        modified,
        modified,
        identity(basic.fileKey(), type, basic.creationTime(), modified, basic.size()));
  }

  private Map<String, Object> unix(Path path) throws IOException {
    return provider.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
  }

  private Stat ofUnix(Map<String, Object> unix) {
    int mode = (int) number(unix, "mode");
    FileType type = (mode & TYPE_MASK) == 0 ? type(unix) : type(mode & TYPE_MASK);
    int owner = (int) number(unix, "uid");
    int group = (int) number(unix, "gid");
    if (unix.get("owner") instanceof UserPrincipal user
        && unix.get("group") instanceof GroupPrincipal principal) {
      users.learn(owner, user);
      groups.learn(group, principal);
    }
    long size = number(unix, "size");
    Instant modified = instant(unix, "lastModifiedTime");
    return new Stat(
        type,
        mode & PERMISSIONS,
        owner,
        group,
        size,
        number(unix, "nlink"),
        number(unix, "rdev"),
        instant(unix, "lastAccessTime"),
        modified,
        instant(unix, "ctime"),
        identity(unix.get("fileKey"), type, time(unix, "creationTime"), modified, size));
  }

  private static Instant instant(Map<String, Object> attributes, String name) {
    return time(attributes, name).toInstant();
  }

  private static FileTime time(Map<String, Object> attributes, String name) {
    return (FileTime) Objects.requireNonNull(attributes.get(name), name);
  }

  private static long number(Map<String, Object> attributes, String name) {
    return ((Number) Objects.requireNonNull(attributes.get(name), name)).longValue();
  }

  private Identity identity(
      @Nullable Object key, FileType type, FileTime created, Instant modified, long size) {
    // The JDK before 22 shows the time of last modification for one of birth, so it is no part of
    // an identity with a key.
    if (key != null) {
      return new Identity(key, fileSystem);
    }
    Instant birth = created.toInstant();
    if (!birth.equals(modified)) {
      knowsCreation = true;
    }
    Optional<Instant> known = knowsCreation ? Optional.of(birth) : Optional.empty();
    return new Identity(WeakKey.of(type, known, modified, size), fileSystem);
  }

  /**
   * What is neither may be a junction of Windows or a device: it is not to be opened, nor to be
   * walked through.
   */
  private static FileType type(BasicFileAttributes basic) {
    if (basic.isOther()) {
      return FileType.CHARACTER_DEVICE;
    }
    return basic.isSymbolicLink()
        ? FileType.SYMLINK
        : basic.isDirectory() ? FileType.DIRECTORY : FileType.REGULAR;
  }

  /** Jimfs has no type bits in its modes. */
  private static FileType type(Map<String, Object> unix) {
    if (Boolean.TRUE.equals(unix.get("isOther"))) {
      return FileType.CHARACTER_DEVICE;
    }
    return Boolean.TRUE.equals(unix.get("isSymbolicLink"))
        ? FileType.SYMLINK
        : Boolean.TRUE.equals(unix.get("isDirectory")) ? FileType.DIRECTORY : FileType.REGULAR;
  }

  private static FileType type(int typeBits) {
    return switch (typeBits) {
      case 0100000 -> FileType.REGULAR;
      case 0040000 -> FileType.DIRECTORY;
      case 0120000 -> FileType.SYMLINK;
      case 0010000 -> FileType.FIFO;
      case 0140000 -> FileType.SOCKET;
      case 0060000 -> FileType.BLOCK_DEVICE;
      default -> FileType.CHARACTER_DEVICE;
    };
  }

  private static int bits(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      mode |= 1 << 8 - permission.ordinal();
    }
    return mode;
  }
}
