package client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** A program that is given no directory, and uses the one it is in. */
public final class RelativePaths {
  private RelativePaths() {}

  /**
   * Runs it.
   *
   * @param arguments none
   * @throws IOException if a file is not where it was left
   */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of("written"), "one");
    Files.writeString(Path.of("written"), "two");
    Files.writeString(Path.of("written"), "three", StandardOpenOption.APPEND);
    Files.copy(Path.of("written"), Path.of("copied"));
    Files.createDirectories(Path.of("directory/within"));
    Files.move(Path.of("copied"), Path.of("directory/moved"), StandardCopyOption.ATOMIC_MOVE);
    Files.createLink(Path.of("linked"), Path.of("written"));
    Files.createSymbolicLink(Path.of("symbolic"), Path.of("written"));
    Files.delete(Path.of("directory/within"));
    System.out.println(Files.readString(Path.of("directory/moved")));
    System.out.println(Files.readSymbolicLink(Path.of("symbolic")));
    try (Stream<Path> entries = Files.list(Path.of(""))) {
      System.out.println(entries.sorted().toList());
    }
  }
}
