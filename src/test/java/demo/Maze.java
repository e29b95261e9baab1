package demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A detour on which the kernel needs about a millisecond, made of links as long as Linux takes them
 * (path_resolution(7)). The gap between two calls that take it is as long then, and what could
 * happen in it does, on any machine: an attacker's trick (N. Borisov and others, Fixing Races for
 * Fun and Profit, USENIX Security 2005).
 */
public final class Maze {
  private static final int LINKS = 12;
  private static final int TURNS = 800;
  private static final String WAY = "maze/l" + (LINKS - 1) + "/../";

  private Maze() {}

  /** Makes the detour in a directory, and returns how it leads from there to there. */
  public static String in(Path directory) throws IOException {
    Path maze = directory.resolve("maze");
    if (Files.notExists(maze)) {
      Files.createDirectories(maze.resolve("d"));
      String turns = "d/../".repeat(TURNS);
      for (int i = 0; i < LINKS; i++) {
        String from = i == 0 ? "" : "l" + (i - 1) + "/";
        Files.createSymbolicLink(maze.resolve("l" + i), Path.of(from + turns));
      }
    }
    return WAY;
  }

  /** Returns the same file by a detour. */
  public static Path to(Path file) throws IOException {
    return file.resolveSibling(in(file.getParent()) + file.getFileName());
  }
}
