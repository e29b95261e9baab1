package dev.safefs.matrix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Commands of the machine. */
final class Machine {
  private static final long LIMIT_SECONDS = 60;

  private Machine() {}

  /** Runs a command that must succeed, and returns what it printed. */
  static String run(String... command) throws IOException {
    Path output = Files.createTempFile("safefs-matrix", ".out");
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      String printed = Files.readString(output, StandardCharsets.UTF_8).trim();
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("failed: " + String.join(" ", command) + ": " + printed);
      }
      return printed;
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** Tells whether a command is there. */
  static boolean has(String command) {
    for (String directory : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":")) {
      if (Files.isExecutable(Path.of(directory, command))) {
        return true;
      }
    }
    return false;
  }
}
