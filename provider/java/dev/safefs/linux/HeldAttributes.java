package dev.safefs.linux;

import dev.safefs.handle.Stat;
import dev.safefs.handle.StatAttributes;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The attributes of an open object as its descriptor tells them: where the delegate cannot be led
 * to it, because there is no procfs.
 *
 * @param stat what was seen
 * @param owner who owns it
 * @param group and in which group
 */
record HeldAttributes(Stat stat, UserPrincipal owner, GroupPrincipal group)
    implements StatAttributes, PosixFileAttributes {
  private static final PosixFilePermission[] BITS = PosixFilePermission.values();

  static HeldAttributes of(Stat stat, Principals principals) throws IOException {
    return new HeldAttributes(stat, principals.user(stat.owner()), principals.group(stat.group()));
  }

  /** Returns the mode bits of permissions; the constants are in the order of the bits. */
  static int mode(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (PosixFilePermission permission : permissions) {
      mode |= 0400 >> permission.ordinal();
    }
    return mode;
  }

  /** Returns the attributes of a view by their names. */
  Map<String, Object> byName(String view) {
    Map<String, Object> all = new LinkedHashMap<>();
    if (view.equals("owner")) {
      all.put("owner", owner);
      return all;
    }
    all.put("size", size());
    all.put("creationTime", creationTime());
    all.put("lastAccessTime", lastAccessTime());
    all.put("lastModifiedTime", lastModifiedTime());
    all.put("isDirectory", isDirectory());
    all.put("isRegularFile", isRegularFile());
    all.put("isSymbolicLink", isSymbolicLink());
    all.put("isOther", isOther());
    all.put("fileKey", fileKey());
    if (!view.equals("basic")) {
      all.put("permissions", permissions());
      all.put("owner", owner);
      all.put("group", group);
    }
    if (view.equals("unix")) {
      FileKey key = (FileKey) stat.identity().fileKey();
      all.put("mode", StatxReader.typeBits(stat.type()) | stat.mode());
      all.put("ino", key.inode());
      all.put("dev", key.device());
      all.put("rdev", stat.device());
      all.put("nlink", (int) stat.linkCount());
      all.put("uid", stat.owner());
      all.put("gid", stat.group());
      all.put("ctime", FileTime.from(stat.changed()));
    }
    return all;
  }

  @Override
  public Set<PosixFilePermission> permissions() {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (PosixFilePermission permission : BITS) {
      if ((stat.mode() & 0400 >> permission.ordinal()) != 0) {
        permissions.add(permission);
      }
    }
    return permissions;
  }
}
