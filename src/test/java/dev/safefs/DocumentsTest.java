package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the documents refer to is there. */
class DocumentsTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", ""));
  private static final Pattern ID = Pattern.compile("\\b[ACDGHKLMRSTW][1-9]\\b");
  private static final Pattern DEFINED = Pattern.compile("(?m)^\\| ([A-Z]\\d) \\|");
  private static final Pattern TAGGED = Pattern.compile("@Tag\\(\"([A-Z]\\d)\"\\)");
  private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)(?:#([^)]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** Found in a file. */
  private record Found(Path file, MatchResult match) {}

  private static List<Found> find(Pattern pattern, List<Path> files) throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path file : files) {
      pattern
          .matcher(Files.readString(file))
          .results()
          .forEach(match -> found.add(new Found(file, match)));
    }
    return found;
  }

  private static List<Path> files(String root, Predicate<Path> isWanted) throws IOException {
    try (Stream<Path> files = Files.walk(BASE.resolve(root))) {
      return files.filter(isWanted).toList();
    }
  }

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(files("docs", file -> file.toString().endsWith(".md")));
    documents.add(BASE.resolve("README.md"));
    documents.add(BASE.resolve("CHANGELOG.md"));
    return documents;
  }

  private static boolean isSource(Path file) {
    return file.toString().endsWith(".java");
  }

  @Test
  void eachPromiseThatIsCitedIsTold() throws IOException {
    Set<String> told = new TreeSet<>();
    find(DEFINED, List.of(BASE.resolve("docs/guarantees.md")))
        .forEach(found -> told.add(found.match().group(1)));
    assertThat(told).contains("R1", "G3").hasSizeGreaterThan(40);

    Set<String> cited = new TreeSet<>();
    find(ID, documents()).forEach(found -> cited.add(found.match().group()));
    find(ID, files("provider/java", DocumentsTest::isSource))
        .forEach(found -> cited.add(found.match().group()));
    find(TAGGED, files("src/test/java", DocumentsTest::isSource))
        .forEach(found -> cited.add(found.match().group(1)));
    assertThat(told).containsAll(cited);
  }

  @Test
  void eachLinkLeadsSomewhere() throws IOException {
    List<Found> links = find(LINK, documents());
    assertThat(links).hasSizeGreaterThan(10);
    for (Found link : links) {
      Path target = link.file();
      if (!link.match().group(1).isEmpty()) {
        target = link.file().resolveSibling(link.match().group(1)).normalize();
      }
      assertThat(target).as("%s in %s", link.match().group(), link.file()).exists();
      if (link.match().group(2) != null) {
        assertThat(anchors(target)).as("of %s", target).contains(link.match().group(2));
      }
    }
  }

  private static List<String> anchors(Path document) throws IOException {
    return find(HEADING, List.of(document)).stream()
        .map(found -> found.match().group(1).toLowerCase(java.util.Locale.ROOT))
        .map(heading -> heading.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .toList();
  }
}
