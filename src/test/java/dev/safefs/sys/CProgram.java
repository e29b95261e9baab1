package dev.safefs.sys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.Requirement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A compiled C program that prints names and numbers, such as the values of constant expressions.
 */
final class CProgram {
  private final Path binary;

  private CProgram(Path binary) {
    this.binary = binary;
  }

  /**
   * Returns the values of those macros that the headers define.
   *
   * @param includes the lines before {@code main}
   */
  static Map<String, Long> macros(Path dir, String includes, Iterable<String> names) {
    StringBuilder body = new StringBuilder();
    names.forEach(name -> body.append("#ifdef %s%n%s#endif%n".formatted(name, print(name, name))));
    return run(dir, includes, body.toString());
  }

  /** Returns the values of expressions, by the names given to them. */
  static Map<String, Long> expressions(Path dir, String includes, Map<String, String> byName) {
    StringBuilder body = new StringBuilder();
    byName.forEach((name, expression) -> body.append(print(name, expression)));
    return run(dir, includes, body.toString());
  }

  private static String print(String name, String expression) {
    return "printf(\"%s %%lld\\n\", (long long) (%s));%n".formatted(name, expression);
  }

  private static Map<String, Long> run(Path dir, String includes, String body) {
    return compile(dir, includes, body).values();
  }

  /**
   * Compiles a program.
   *
   * @param includes the lines before {@code main}
   * @param body prints lines of a name and a number
   */
  static CProgram compile(Path dir, String includes, String body) {
    try {
      Requirement.present(hasCompiler(), "gcc");
      Path source = dir.resolve("program.c");
      Path binary = dir.resolve("program");
      Files.writeString(
          source, includes + "\n#include <stdio.h>\nint main(void) {\n" + body + "return 0; }\n");
      output("gcc", "-w", "-O2", "-o", binary.toString(), source.toString());
      return new CProgram(binary);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs it, and returns what it prints. */
  Map<String, Long> values() {
    try {
      Map<String, Long> values = new LinkedHashMap<>();
      for (String line : output(binary.toString()).lines().toList()) {
        String[] pair = line.split(" ");
        values.put(pair[0], Long.parseLong(pair[1]));
      }
      return values;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean hasCompiler() throws InterruptedException {
    try {
      return start(List.of("gcc", "--version")).waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static String output(String... command) throws IOException, InterruptedException {
    Process process = start(List.of(command));
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s: %s", List.of(command), text).isZero();
    return text;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
