package dev.safefs.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A detour to a directory on which the kernel needs about a millisecond. The gap between two calls
 * that name it is as long then, and what could happen in it does, on any machine: an attacker's
 * trick (N. Borisov and others, Fixing Races for Fun and Profit, USENIX Security 2005), with which
 * the controls are attacked. The links are as long as Linux takes them (path_resolution(7)).
 */
final class Maze {
  private static final int LINKS = 12;
  private static final int TURNS = 800;

  private Maze() {}

  /** Returns the same file by a detour through its directory, where the detour is made. */
  static Path to(Path file) throws IOException {
    Path maze = file.resolveSibling("maze");
    if (Files.notExists(maze)) {
      Files.createDirectories(maze.resolve("d"));
      String turns = "d/../".repeat(TURNS);
      for (int i = 0; i < LINKS; i++) {
        String from = i == 0 ? "" : "l" + (i - 1) + "/";
        Files.createSymbolicLink(maze.resolve("l" + i), Path.of(from + turns));
      }
    }
    return maze.resolve("l" + (LINKS - 1)).resolve("..").resolve(file.getFileName());
  }
}
