package dev.safefs.matrix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A kind of file system that a test can make and mount. */
enum FileSystemKind {
  EXT4("mkfs.ext4") {
    @Override
    void mount(Mount mount) throws IOException {
      make(mount, "mkfs.ext4", "-q", "-F");
    }
  },
  XFS("mkfs.xfs") {
    @Override
    void mount(Mount mount) throws IOException {
      make(mount, "mkfs.xfs", "-q", "-f");
    }
  },
  BTRFS("mkfs.btrfs") {
    @Override
    void mount(Mount mount) throws IOException {
      make(mount, "mkfs.btrfs", "-q", "-f");
    }
  },
  TMPFS {
    @Override
    void mount(Mount mount) throws IOException {
      mount.mount(mount.root(), "-t", "tmpfs", "-o", "size=64m", "none");
    }
  },
  OVERLAY {
    @Override
    void mount(Mount mount) throws IOException {
      Path back = mount.beside("back");
      mount.mount(back, "-t", "tmpfs", "-o", "size=64m", "none");
      for (String layer : List.of("lower", "upper", "work")) {
        Files.createDirectory(back.resolve(layer));
      }
      Path lower = Files.createDirectory(back.resolve("lower/directory"));
      Files.writeString(lower.resolve("inner"), "inner");
      Files.createSymbolicLink(lower.resolve("link"), Path.of("inner"));
      String layers =
          String.format("lowerdir=%1$s/lower,upperdir=%1$s/upper,workdir=%1$s/work", back);
      mount.mount(mount.root(), "-t", "overlay", "-o", layers, "none");
    }
  },
  BINDFS("bindfs") {
    @Override
    void mount(Mount mount) throws IOException {
      // Each path has attributes of its own in the kernel's cache, so that link counts are late.
      String back = mount.beside("back").toString();
      mount.serve(mount.root(), "bindfs", "-o", "attr_timeout=0", back, mount.root().toString());
    }
  },
  FUSE2FS("fuse2fs", "mkfs.ext4") {
    @Override
    void mount(Mount mount) throws IOException {
      String image = mount.image();
      Machine.run("mkfs.ext4", "-q", "-F", image);
      mount.serve(mount.root(), "fuse2fs", "-o", "fakeroot", image, mount.root().toString());
    }
  },
  NTFS_3G("ntfs-3g", "mkntfs") {
    @Override
    void mount(Mount mount) throws IOException {
      String image = mount.image();
      Machine.run("mkntfs", "-q", "-f", "-F", image);
      mount.serve(mount.root(), "ntfs-3g", "-o", "permissions", image, mount.root().toString());
    }
  },
  /** Without links of any kind, and without modes: everybody may write to all its files. */
  EXFAT_FUSE("mount.exfat-fuse", "mkfs.exfat") {
    @Override
    void mount(Mount mount) throws IOException {
      String image = mount.image();
      Machine.run("mkfs.exfat", image);
      mount.mount(mount.root(), "-t", "exfat-fuse", "-o", "loop,umask=0", image);
    }
  };

  private final List<String> commands;

  FileSystemKind(String... commands) {
    this.commands = List.of(commands);
  }

  /** Mounts it at the root of a mount. */
  abstract void mount(Mount mount) throws IOException;

  /** Returns the commands it takes. */
  List<String> commands() {
    return commands;
  }

  /** Tells whether renames have no flags here, so that some promises are let go. */
  boolean isPoor() {
    return this == BINDFS || this == FUSE2FS || this == NTFS_3G || this == EXFAT_FUSE;
  }

  /** Tells whether there are hard and symbolic links. */
  boolean hasLinks() {
    return this != EXFAT_FUSE;
  }

  private static void make(Mount mount, String... command) throws IOException {
    String image = mount.image();
    String[] all = new String[command.length + 1];
    System.arraycopy(command, 0, all, 0, command.length);
    all[command.length] = image;
    Machine.run(all);
    mount.mount(mount.root(), "-o", "loop", image);
  }
}
