package dev.safefs.crash;

import dev.safefs.SafeFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A program that is killed while it does one thing of {@link SafeFiles}, or what stands in for it.
 */
final class OneVerb {

  private OneVerb() {}

  /** Runs with a verb and two paths. */
  public static void main(String[] arguments) throws IOException {
    Path first = Path.of(arguments[1]);
    Path second = Path.of(arguments[2]);
    switch (arguments[0]) {
      case "link" -> SafeFiles.replaceSymbolicLink(first, second);
      case "link-by-hand" -> {
        Files.delete(first);
        Files.createSymbolicLink(first, second);
      }
      case "move" -> SafeFiles.moveTree(first, second);
      case "replace" -> SafeFiles.replaceDirectory(first, second);
      case "replace-by-hand" -> {
        Path aside = Files.move(second, second.resolveSibling("aside"));
        Files.move(first, second);
        Files.move(aside, first);
      }
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }
}
