package dev.safefs.arch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.sys.Errno;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errnos stay in the engine that has them: nobody else looks for their names in a text. */
class ErrnoNamesTest {
  private static final Path PROVIDER = Path.of(System.getProperty("basedir", ""), "provider");
  private static final Pattern WORD = Pattern.compile("\"(E[A-Z0-9]+)\\b:?\"");

  @Test
  void onlyTheLinuxEngineNamesErrnosAlone() throws IOException {
    List<Path> engine = sources(PROVIDER).filter(ErrnoNamesTest::isEngine).toList();
    assertThat(engine).isNotEmpty();
    assertThat(named(sources(PROVIDER).filter(file -> !isEngine(file)).toList())).isEmpty();
  }

  @Test
  void aLookIntoATextIsFound(@TempDir Path dir) throws IOException {
    Path planted = dir.resolve("Planted.java");
    Files.writeString(planted, "return reason.contains(\"EBUSY\") || word.equals(\"EXISTS\");");
    assertThat(named(List.of(planted))).containsExactly(planted + ": EBUSY");
  }

  private static boolean isEngine(Path file) {
    Path layer = file.getParent().getFileName();
    return layer.endsWith("linux") || layer.endsWith("sys");
  }

  private static List<String> named(List<Path> files) throws IOException {
    Set<String> errnos =
        Stream.of(Errno.class.getFields())
            .filter(field -> Modifier.isStatic(field.getModifiers()))
            .map(Field::getName)
            .collect(Collectors.toSet());
    assertThat(errnos).contains("EPERM");
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      Matcher word = WORD.matcher(Files.readString(file));
      while (word.find()) {
        if (errnos.contains(word.group(1))) {
          found.add(file + ": " + word.group(1));
        }
      }
    }
    return found;
  }

  private static Stream<Path> sources(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    }
  }
}
