package dev.safefs.op;

import dev.safefs.SafeFiles;
import dev.safefs.TreeEntry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** Makes, walks, lists, copies, moves and deletes a tree by the public verbs, in its own JVM. */
final class TreeDepthWork {

  private TreeDepthWork() {}

  /** Runs with the root, the depth and the width of the tree, and a root on another mount. */
  public static void main(String[] arguments) throws IOException {
    int depth = Integer.parseInt(arguments[1]);
    int width = Integer.parseInt(arguments[2]);
    URI root = URI.create("safe://" + Path.of(arguments[0]).toUri().getRawPath());
    URI far = URI.create("safe://" + Path.of(arguments[3]).toUri().getRawPath());
    try (FileSystem confined = FileSystems.newFileSystem(root, Map.of("durability", "none"));
        FileSystem other = FileSystems.newFileSystem(far, Map.of("durability", "none"))) {
      Path tree = confined.getPath("/tree");
      Files.createDirectory(tree);
      for (int i = 0; i < width; i++) {
        Files.createFile(tree.resolve("f" + i));
      }
      require(width, list(tree));
      for (int level = 1; level < depth; level++) {
        nest(tree, confined.getPath("/above"));
      }
      Path copy = confined.getPath("/copy");
      reachBottom(tree, depth);
      SafeFiles.copyTree(tree, copy);
      require(depth - 1 + width, count(tree));
      require(depth - 1 + width, count(copy));
      SafeFiles.moveTree(copy, confined.getPath("/moved"));
      SafeFiles.moveTree(confined.getPath("/moved"), other.getPath("/far"));
      require(depth - 1 + width, count(other.getPath("/far")));
      SafeFiles.deleteTree(other.getPath("/far"));
      SafeFiles.deleteTree(tree);
    }
    System.out.println("done");
  }

  /** Puts a directory into a new one that gets its name: no path is ever long. */
  private static void nest(Path tree, Path above) throws IOException {
    Files.createDirectory(above);
    SafeFiles.move(tree, above.resolve("d"));
    SafeFiles.move(above, tree);
  }

  /** By the user's own path, which is longer than PATH_MAX if the tree is deep, and up again. */
  private static void reachBottom(Path tree, int depth) throws IOException {
    Path bottom = tree.resolve("d/".repeat(depth - 1)).resolve("f0");
    Files.writeString(bottom, "bottom");
    String back = "d/".repeat(depth - 1) + "../".repeat(depth - 1) + "d/".repeat(depth - 1) + "f0";
    String read = Files.readString(tree.resolve(back));
    if (!read.equals("bottom")) {
      throw new AssertionError(read);
    }
  }

  private static long count(Path root) throws IOException {
    try (Stream<TreeEntry> entries = SafeFiles.walk(root)) {
      return entries.count();
    }
  }

  private static long list(Path dir) throws IOException {
    long count = 0;
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
      for (Path ignored : entries) {
        count++;
      }
    }
    return count;
  }

  private static void require(long expected, long actual) {
    if (expected != actual) {
      throw new AssertionError(actual + " instead of " + expected);
    }
  }
}
