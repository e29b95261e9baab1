package dev.safefs.arch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that needs more lines than this does more than one thing. */
class SourceBudgetTest {
  private static final int MOST_LINES = 400;
  private static final Path BASE = Path.of(System.getProperty("basedir", ""));

  @Test
  void productFilesStayWithinTheBudget() throws IOException {
    Path provider = BASE.resolve("provider");
    assertThat(sources(provider)).isNotEmpty();
    assertThat(tooLong(provider)).isEmpty();
  }

  @Test
  void testFilesStayWithinTheBudget() throws IOException {
    Path tests = BASE.resolve("src/test/java");
    assertThat(sources(tests)).isNotEmpty();
    assertThat(tooLong(tests)).isEmpty();
  }

  @Test
  void aFileBeyondTheBudgetIsFound(@TempDir Path dir) throws IOException {
    Files.write(dir.resolve("Fits.java"), Collections.nCopies(MOST_LINES, "//"));
    Path planted = dir.resolve("Planted.java");
    Files.write(planted, Collections.nCopies(MOST_LINES + 1, "//"));
    assertThat(tooLong(dir)).containsExactly(Map.entry(planted, MOST_LINES + 1));
  }

  private static Map<Path, Integer> tooLong(Path root) throws IOException {
    Map<Path, Integer> found = new TreeMap<>();
    for (Path file : sources(root)) {
      int lines = Files.readAllLines(file).size();
      if (lines > MOST_LINES) {
        found.put(file, lines);
      }
    }
    return found;
  }

  private static List<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList();
    }
  }
}
