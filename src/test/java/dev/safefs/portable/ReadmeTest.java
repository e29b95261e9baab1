package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.SafeConfig;
import dev.safefs.SafeFileSystems;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The two lines of {@code README.md} that make a whole Jimfs safe, as they stand there. */
class ReadmeTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", ""));

  private static FileSystem wholeJimfs() throws IOException {
    Path root = Jimfs.newFileSystem(Configuration.unix()).getRootDirectories().iterator().next();
    FileSystem safe = SafeFileSystems.over(root, SafeConfig.confined());
    return safe;
  }

  @Test
  void twoLinesMakeAWholeJimfsSafe() throws IOException {
    try (FileSystem safe = wholeJimfs()) {
      Path file = Files.writeString(safe.getPath("/file"), "one");
      Files.move(file, safe.getPath("/other"));
      assertThat(safe.getPath("/other")).hasContent("one");
      assertThat(file).doesNotExist();
      assertThat(file.toUri().getScheme()).isEqualTo("safe");
    }
  }

  @Test
  void theyAreThoseOfTheReadme() throws IOException {
    String readme = Files.readString(BASE.resolve("README.md"));
    int begin = readme.indexOf("```java\n", readme.indexOf("A whole Jimfs in two lines"));
    String block = readme.substring(begin + 8, readme.indexOf("```", begin + 8));
    String lines =
        block
            .lines()
            .map(String::strip)
            .filter(each -> !each.isEmpty())
            .collect(Collectors.joining("\n"));
    String source =
        Files.readString(BASE.resolve("src/test/java/dev/safefs/portable/ReadmeTest.java"));
    assertThat(source.lines().map(String::strip).collect(Collectors.joining("\n"))).contains(lines);
    assertThat(lines.lines()).hasSize(2);
  }
}
