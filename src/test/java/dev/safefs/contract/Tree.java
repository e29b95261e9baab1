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
import java.util.Comparator;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The tree that contract tests begin with, and what is left of it afterwards. Always handled by
 * what lies under SafeFS, and as rich as that can make it.
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

  private static final FileTime PLANTED = FileTime.fromMillis(1_500_000_000_000L);

  /** What can be told of a tree. */
  enum Shows {
    PERMISSIONS,
    LINK_COUNTS;

    /** Returns what the file system of a path tells, which is asked for its views. */
    static Set<Shows> of(Path path) {
      Set<String> views = path.getFileSystem().supportedFileAttributeViews();
      Set<Shows> shown = EnumSet.noneOf(Shows.class);
      if (views.contains("posix")) {
        shown.add(PERMISSIONS);
      }
      if (views.contains("unix")) {
        shown.add(LINK_COUNTS);
      }
      return shown;
    }
  }

  private Tree() {}

  /** Plants the tree in an empty directory. */
  static void plant(Path root) throws IOException {
    Files.writeString(root.resolve("file"), "content of file");
    Files.writeString(root.resolve("other"), "other");
    Files.writeString(root.resolve("readonly"), "readonly");
    Files.writeString(root.resolve("pair"), "pair");
    whereThereAreLinks(() -> Files.createLink(root.resolve("hard"), root.resolve("pair")));
    Files.createDirectory(root.resolve("empty"));
    Files.createDirectory(root.resolve("full"));
    Files.writeString(root.resolve("full").resolve("inner"), "inner");
    symbolicLink(root.resolve("link"), "file");
    symbolicLink(root.resolve("dangling"), "nowhere");
    symbolicLink(root.resolve("dirlink"), "full");
    symbolicLink(root.resolve("loop"), "loop");
    for (String name : new String[] {"file", "other", "readonly", "pair"}) {
      Files.setLastModifiedTime(root.resolve(name), PLANTED);
    }
    Files.setLastModifiedTime(root.resolve("full").resolve("inner"), PLANTED);
    permit(root.resolve("other"), "rwxr-x--x");
    permit(root.resolve("readonly"), "r--r--r--");
  }

  /** Sets permissions, as far as the file system has any. */
  private static void permit(Path file, String permissions) throws IOException {
    if (Shows.of(file).contains(Shows.PERMISSIONS)) {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    } else if (!permissions.contains("w") && hasReadOnlyOnly(file)) {
      Files.setAttribute(file, "dos:readonly", true);
    }
  }

  private static void symbolicLink(Path link, String target) throws IOException {
    whereThereAreLinks(() -> Files.createSymbolicLink(link, link.getFileSystem().getPath(target)));
  }

  /** FAT has none, nor have some providers; then such a name is absent from both trees. */
  private static void whereThereAreLinks(Planting planting) throws IOException {
    try {
      planting.run();
    } catch (FileSystemException e) {
      if (!"Operation not permitted".equals(e.getReason())) {
        throw e;
      }
    } catch (UnsupportedOperationException e) {
      // As documented of a provider without links.
      return;
    }
  }

  private interface Planting {
    void run() throws IOException;
  }

  /** Returns every name of a tree with type, content and what else is to be shown, in order. */
  static String snapshot(Path root, Set<Shows> shown) throws IOException {
    TreeMap<String, String> all =
        new TreeMap<>(String.CASE_INSENSITIVE_ORDER.thenComparing(Comparator.naturalOrder()));
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
              throws IOException {
            all.put(name(root, dir) + "/", permissions(dir, shown));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!isHiddenByFuse(file)) {
              all.put(name(root, file), describe(file, attributes, shown));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure) {
            all.put(name(root, file), "unreadable");
            return FileVisitResult.CONTINUE;
          }
        });
    StringBuilder text = new StringBuilder();
    all.forEach((name, what) -> text.append(name).append(": ").append(what).append('\n'));
    return text.toString();
  }

  private static String name(Path root, Path path) {
    return plain(root.relativize(path));
  }

  /** Returns the text of a path with the separator of the JDK's here. */
  static String plain(Path path) {
    return path.toString().replace(path.getFileSystem().getSeparator(), "/");
  }

  private static String describe(Path file, BasicFileAttributes attributes, Set<Shows> shown)
      throws IOException {
    if (attributes.isSymbolicLink()) {
      return "-> " + plain(Files.readSymbolicLink(file));
    }
    if (attributes.isOther()) {
      return "other " + permissions(file, shown);
    }
    String links =
        shown.contains(Shows.LINK_COUNTS) ? " nlink " + Files.getAttribute(file, "unix:nlink") : "";
    return permissions(file, shown) + links + " '" + Files.readString(file) + "'";
  }

  private static String permissions(Path file, Set<Shows> shown) throws IOException {
    return shown.contains(Shows.PERMISSIONS)
        ? PosixFilePermissions.toString(
            Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS))
        : "";
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
            open(dir);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (!Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
              throw failure;
            }
            open(file);
            remove(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            letGo(file, attributes);
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

  private static void open(Path dir) throws IOException {
    if (Shows.of(dir).contains(Shows.PERMISSIONS)) {
      Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
      permissions.addAll(Files.getPosixFilePermissions(dir));
      permissions.addAll(PosixFilePermissions.fromString("rwx------"));
      Files.setPosixFilePermissions(dir, permissions);
    }
  }

  /** Where permissions are none, a read-only file may not be removed. */
  private static void letGo(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isRegularFile() && hasReadOnlyOnly(file)) {
      Files.setAttribute(file, "dos:readonly", false);
    }
  }

  private static boolean hasReadOnlyOnly(Path file) {
    Set<String> views = file.getFileSystem().supportedFileAttributeViews();
    return views.contains("dos") && !views.contains("posix");
  }

  /**
   * FUSE keeps a file that was removed while open under a hidden name until its daemon has seen the
   * close, which the kernel does not wait for.
   */
  /** What is removed while a directory is listed makes some servers leave out other names. */
  private static void removeMissed(Path dir) throws IOException {
    try (Stream<Path> names = Files.list(dir)) {
      for (Path missed : names.toList()) {
        remove(missed);
      }
    }
  }

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
        removeMissed(dir);
      }
    }
  }

  private static boolean isHiddenByFuse(Path file) {
    return file.getFileName().toString().startsWith(".fuse_hidden");
  }
}
