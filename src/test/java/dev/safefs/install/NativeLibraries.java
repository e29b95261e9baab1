package dev.safefs.install;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A program that prints which libraries are mapped that only a call into C needs: before and after
 * its first change of a file.
 */
public final class NativeLibraries {

  private NativeLibraries() {}

  /**
   * Runs it.
   *
   * @param arguments a directory that exists
   * @throws Exception if a use fails
   */
  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    Path file = directory.resolve("file");
    boolean isThere = Files.exists(file) || !Files.isDirectory(directory);
    System.out.println(
        "looked at "
            + directory.toAbsolutePath().normalize().getFileName()
            + " "
            + isThere
            + ": "
            + mapped());
    Files.writeString(file, "content");
    System.out.println("changed: " + mapped());
  }

  /** Of the C library's own lookup, and of jffi, whatever its unpacked file is called. */
  private static String mapped() throws IOException, InterruptedException {
    long pid = ProcessHandle.current().pid();
    Process cat = new ProcessBuilder("cat", "/proc/" + pid + "/maps").start();
    try (BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(cat.getInputStream(), StandardCharsets.UTF_8));
        Stream<String> lines = reader.lines()) {
      boolean[] found = new boolean[2];
      lines.forEach(
          line -> {
            found[0] |= line.contains("libsyslookup");
            found[1] |= line.contains("jffi") && line.contains(".so");
          });
      cat.waitFor();
      return found[0] ? "ffm" : found[1] ? "jnr" : "none";
    }
  }
}
