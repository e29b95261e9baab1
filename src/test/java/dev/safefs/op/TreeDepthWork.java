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

/** Makes, walks, lists, copies and deletes a tree by the public verbs, in a JVM of its own. */
final class TreeDepthWork {

  private TreeDepthWork() {}

  /** Runs with the root, the depth and the width of the tree. */
  public static void main(String[] arguments) throws IOException {
    int depth = Integer.parseInt(arguments[1]);
    int width = Integer.parseInt(arguments[2]);
    URI root = URI.create("safe://" + Path.of(arguments[0]).toUri().getRawPath());
    try (FileSystem confined = FileSystems.newFileSystem(root, Map.of("durability", "none"))) {
      Path tree = confined.getPath("/tree");
      Path bottom = confined.getPath("/tree" + "/d".repeat(depth - 1));
      SafeFiles.createDirectories(bottom);
      for (int i = 0; i < width; i++) {
        Files.createFile(bottom.resolve("f" + i));
      }
      Path copy = confined.getPath("/copy");
      SafeFiles.copyTree(tree, copy);
      require(depth - 1 + width, count(tree));
      require(depth - 1 + width, count(copy));
      require(width, list(bottom));
      SafeFiles.moveTree(copy, confined.getPath("/moved"));
      SafeFiles.deleteTree(confined.getPath("/moved"));
      SafeFiles.deleteTree(tree);
    }
    System.out.println("done");
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
