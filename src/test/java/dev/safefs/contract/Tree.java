package dev.safefs.contract;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * The tree that contract tests begin with, and what is left of it afterwards. Always handled by the
 * JDK's provider.
 */
final class Tree {
  /** What the names of the tree are, one of each kind. */
  static final String[] NAMES = {
    "file",
    "other",
    "readonly",
    "empty",
    "full",
    "link",
    "dangling",
    "dirlink",
    "loop",
    "absent",
    "full/inner",
    "nodir/x"
  };

  /** Two names of one file. */
  static final String[] LINKED = {"pair", "hard"};

  private Tree() {}

  /** Plants the tree in an empty directory. */
  static void plant(Path root) throws IOException {
    Files.writeString(root.resolve("file"), "content of file");
    Files.writeString(root.resolve("other"), "other");
    Files.setPosixFilePermissions(
        root.resolve("other"), PosixFilePermissions.fromString("rwxr-x--x"));
    Files.writeString(root.resolve("readonly"), "readonly");
    Files.setPosixFilePermissions(
        root.resolve("readonly"), PosixFilePermissions.fromString("r--r--r--"));
    Files.writeString(root.resolve("pair"), "pair");
    whereThereAreLinks(() -> Files.createLink(root.resolve("hard"), root.resolve("pair")));
    Files.createDirectory(root.resolve("empty"));
    Files.createDirectory(root.resolve("full"));
    Files.writeString(root.resolve("full/inner"), "inner");
    symbolicLink(root.resolve("link"), "file");
    symbolicLink(root.resolve("dangling"), "nowhere");
    symbolicLink(root.resolve("dirlink"), "full");
    symbolicLink(root.resolve("loop"), "loop");
    for (String name : new String[] {"file", "other", "readonly", "pair", "full/inner"}) {
      Files.setLastModifiedTime(root.resolve(name), FileTime.fromMillis(1_500_000_000_000L));
    }
  }

  private static void symbolicLink(Path link, String target) throws IOException {
    whereThereAreLinks(() -> Files.createSymbolicLink(link, link.getFileSystem().getPath(target)));
  }

  /** FAT has none; then such a name is absent from both trees. */
  private static void whereThereAreLinks(Planting planting) throws IOException {
    try {
      planting.run();
    } catch (FileSystemException e) {
      if (!"Operation not permitted".equals(e.getReason())) {
        throw e;
      }
    }
  }

  private interface Planting {
    void run() throws IOException;
  }

  /** Returns every name of a tree with type, permissions, content and links, in order. */
  static String snapshot(Path root) throws IOException {
    TreeMap<String, String> all = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            all.put(root.relativize(dir) + "/", permissions(dir));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!isHiddenByFuse(file)) {
              all.put(root.relativize(file).toString(), describe(file, attributes));
            }
            return FileVisitResult.CONTINUE;
          }
        });
    StringBuilder text = new StringBuilder();
    all.forEach((name, what) -> text.append(name).append(": ").append(what).append('\n'));
    return text.toString();
  }

  private static String describe(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isSymbolicLink()) {
      return "-> " + Files.readSymbolicLink(file);
    }
    if (attributes.isOther()) {
      return "other " + permissions(file);
    }
    Object links = Files.getAttribute(file, "unix:nlink");
    return permissions(file) + " nlink " + links + " '" + Files.readString(file) + "'";
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }

  /** Removes a tree. */
  static void remove(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            Set<PosixFilePermission> permissions =
                EnumSet.copyOf(Files.getPosixFilePermissions(dir));
            permissions.addAll(PosixFilePermissions.fromString("rwx------"));
            Files.setPosixFilePermissions(dir, permissions);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path dir, IOException failure)
              throws IOException {
            removeEmpty(dir);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /**
   * FUSE keeps a file that was removed while open under a hidden name until its daemon has seen the
   * close, which the kernel does not wait for.
   */
  private static void removeEmpty(Path dir) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        Files.delete(dir);
        return;
      } catch (NoSuchFileException e) {
        return;
      } catch (DirectoryNotEmptyException e) {
        if (attempt == 100) {
          throw e;
        }
        LockSupport.parkNanos(20_000_000);
      }
    }
  }

  private static boolean isHiddenByFuse(Path file) {
    return file.getFileName().toString().startsWith(".fuse_hidden");
  }
}
