package dev.safefs.install;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child process that has ended.
 *
 * @param exit its exit code
 * @param output what it printed
 * @param errors what it printed to the standard error
 */
record Child(int exit, String output, String errors) {
  private static final long LIMIT_SECONDS = 180;

  /** Runs a command in a directory, with text as its standard input. */
  static Child run(Path directory, String input, List<String> command)
      throws IOException, InterruptedException {
    Path in = Files.writeString(directory.resolve("child.in"), input);
    Path out = directory.resolve("child.out");
    Path err = directory.resolve("child.err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new AssertionError("still running after " + LIMIT_SECONDS + " s: " + command);
    }
    Child child =
        new Child(
            process.exitValue(),
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    Files.delete(in);
    Files.delete(out);
    Files.delete(err);
    return child;
  }

  /** Fails unless the child ended well. */
  Child succeeded() {
    if (exit != 0) {
      throw new AssertionError("exit " + exit + "\n" + output + "\n" + errors);
    }
    return this;
  }
}
