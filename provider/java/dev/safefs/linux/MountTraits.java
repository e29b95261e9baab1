package dev.safefs.linux;

import dev.safefs.handle.Capability;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a mount's file system and its options say about crashes and lost replies, which no call can
 * show, and of shared blocks, which only a copy would. A file system that is not known is taken for
 * one of a server.
 *
 * <p>Btrfs does nothing when a file without a name is synced. An ext2, ext3 or ext4 without
 * journal, or with {@code data=writeback}, may show a rename whose content is lost; it is taken for
 * one unless its options say otherwise.
 */
final class MountTraits {
  /** What traits tell of. */
  static final Set<Capability> ALL =
      Set.of(
          Capability.STORAGE,
          Capability.RENAME_REPLACE,
          Capability.SYNC_ANONYMOUS,
          Capability.ORDERED_RENAME,
          Capability.LOCAL,
          Capability.CHANGE_TIME,
          Capability.REFLINK);

  private static final int OPTIONS_BYTES = 4096;
  private static final List<String> ORDERED = List.of("data=ordered", "data=journal");

  private static final Set<Long> LOCAL =
      Set.of(
          Abi.BTRFS_SUPER_MAGIC,
          Abi.EXFAT_SUPER_MAGIC,
          Abi.EXT4_SUPER_MAGIC,
          Abi.F2FS_SUPER_MAGIC,
          Abi.MSDOS_SUPER_MAGIC,
          Abi.OVERLAYFS_SUPER_MAGIC,
          Abi.RAMFS_MAGIC,
          Abi.TMPFS_MAGIC,
          Abi.XFS_SUPER_MAGIC);

  /** Those that share no blocks, ever. XFS and others do if they were made so. */
  private static final Set<Long> WITHOUT_REFLINK =
      Set.of(
          Abi.EXFAT_SUPER_MAGIC,
          Abi.EXT4_SUPER_MAGIC,
          Abi.F2FS_SUPER_MAGIC,
          Abi.MSDOS_SUPER_MAGIC,
          Abi.RAMFS_MAGIC,
          Abi.TMPFS_MAGIC);

  /** The kernel's own: local, too, and not for files. */
  private static final Set<Long> WITHOUT_STORAGE =
      Set.of(
          Abi.AAFS_MAGIC,
          Abi.BINFMTFS_MAGIC,
          Abi.BPF_FS_MAGIC,
          Abi.CGROUP2_SUPER_MAGIC,
          Abi.CGROUP_SUPER_MAGIC,
          Abi.CONFIGFS_MAGIC,
          Abi.DEBUGFS_MAGIC,
          Abi.EFIVARFS_MAGIC,
          Abi.PROC_SUPER_MAGIC,
          Abi.PSTOREFS_MAGIC,
          Abi.RDTGROUP_SUPER_MAGIC,
          Abi.SECURITYFS_MAGIC,
          Abi.SELINUX_MAGIC,
          Abi.SMACK_MAGIC,
          Abi.SYSFS_MAGIC,
          Abi.TRACEFS_MAGIC);

  /** Those of kernfs whose directories can be renamed: never over another, EEXIST. */
  private static final Set<Long> WITHOUT_REPLACEMENT =
      Set.of(Abi.CGROUP_SUPER_MAGIC, Abi.RDTGROUP_SUPER_MAGIC);

  private MountTraits() {}

  /** Tells what a mount's traits say of a capability. Looks at them through a file on it. */
  static boolean allow(Host host, Fd file, MountKey mount, Capability capability)
      throws IOException {
    if (!host.mounts().isExamined(mount)) {
      host.mounts().examined(mount, lacking(host.sys(), file, mount.device()));
    }
    return host.mounts().mayHave(mount, capability);
  }

  /** Returns what the mount of a file lacks. */
  static Set<Capability> lacking(Syscalls sys, Fd file, long device) throws IOException {
    byte[] statfs = new byte[Structs.STATFS_SIZE_BYTES];
    if (file.call(n -> sys.fstatfs(n, statfs)) < 0) {
      return EnumSet.of(Capability.LOCAL, Capability.CHANGE_TIME);
    }
    long type = Structs.statfsType(statfs);
    if (WITHOUT_STORAGE.contains(type)) {
      Set<Capability> lacking = EnumSet.of(Capability.STORAGE, Capability.REFLINK);
      if (WITHOUT_REPLACEMENT.contains(type)) {
        lacking.add(Capability.RENAME_REPLACE);
      }
      return lacking;
    }
    if (!LOCAL.contains(type)) {
      return EnumSet.of(Capability.LOCAL, Capability.CHANGE_TIME);
    }
    Set<Capability> lacking = EnumSet.noneOf(Capability.class);
    if (WITHOUT_REFLINK.contains(type)) {
      lacking.add(Capability.REFLINK);
    }
    if (type == Abi.BTRFS_SUPER_MAGIC) {
      lacking.add(Capability.SYNC_ANONYMOUS);
    }
    if (type == Abi.EXT4_SUPER_MAGIC && !isOrdered(sys, device)) {
      lacking.add(Capability.ORDERED_RENAME);
    }
    return lacking;
  }

  private static boolean isOrdered(Syscalls sys, long device) {
    String link = "/sys/dev/block/" + Structs.major(device) + ":" + Structs.minor(device);
    byte[] target = new byte[Abi.PATH_MAX];
    int length = sys.readlinkat(Abi.AT_FDCWD, CString.of(link), target);
    if (length <= 0) {
      return false;
    }
    String path = new String(target, 0, length, StandardCharsets.UTF_8);
    String name = path.substring(path.lastIndexOf('/') + 1);
    String options = read(sys, "/proc/fs/ext4/" + name + "/options");
    return !Collections.disjoint(ORDERED, Arrays.asList(options.split("\n")));
  }

  private static String read(Syscalls sys, String path) {
    int fd = sys.openat(Abi.AT_FDCWD, CString.of(path), Abi.O_RDONLY | Abi.O_CLOEXEC, 0);
    if (fd < 0) {
      return "";
    }
    byte[] text = new byte[OPTIONS_BYTES];
    int length = sys.read(fd, text, text.length);
    sys.close(fd);
    return new String(text, 0, Math.max(length, 0), StandardCharsets.UTF_8);
  }
}
