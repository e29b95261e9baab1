package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A table in {@code docs/guarantees.md} that a test knows better: it is compared, and written with
 * {@code -Dsafefs.writeDocs=true}.
 */
public final class WrittenTable {
  private static final Path DOCUMENT = Path.of("docs/guarantees.md");
  private static final String END = "<!-- end -->";

  private WrittenTable() {}

  /**
   * Compares the document's table with what a test has found.
   *
   * @param writer the test, named above the table
   * @param table lines
   * @throws IOException if the document cannot be read
   */
  public static void compare(Class<?> writer, String table) throws IOException {
    String text = Files.readString(DOCUMENT);
    String start = "<!-- written by " + writer.getSimpleName() + " -->\n";
    assertThat(text).contains(start);
    int begin = text.indexOf(start) + start.length();
    String written = text.substring(0, begin) + table + text.substring(text.indexOf(END, begin));
    if (Boolean.getBoolean("safefs.writeDocs")) {
      Files.writeString(DOCUMENT, written);
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(written);
  }
}
