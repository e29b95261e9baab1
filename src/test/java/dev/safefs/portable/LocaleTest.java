package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.JdkPaths;
import dev.safefs.PortableProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The JDK's paths take only ASCII text on a host without a locale, whatever names there are. */
class LocaleTest {
  private static final List<String> NAMES = List.of("%C3%BC", "%EF%BF%BD", "%FF", "plain");

  /** What the other virtual machine does. */
  static final class Child {
    private Child() {}

    public static void main(String[] arguments) throws IOException {
      Path dir = Path.of(arguments[0]);
      try (FileSystem safe =
              PortableProvider.INSTANCE.newFileSystem(dir, Map.of("strictness", "BEST_EFFORT"));
          DirectoryStream<Path> entries = Files.newDirectoryStream(safe.getPath("/"))) {
        for (Path entry : entries) {
          Files.write(
              entry, Files.readAllBytes(entry.toRealPath()).length == 1 ? new byte[2] : null);
        }
      }
      System.out.println("done");
    }
  }

  @Test
  void namesAreUsedAsTheyAreListed(@TempDir Path temporary) throws Exception {
    Path dir = JdkPaths.of(temporary);
    for (String name : NAMES) {
      Files.write(Path.of(URI.create(dir.toUri() + name)), new byte[1]);
    }
    ProcessBuilder java =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-cp",
            System.getProperty("java.class.path"),
            Child.class.getName(),
            dir.toString());
    java.environment().put("LC_ALL", "C");
    Process child = java.redirectErrorStream(true).start();
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(output).isZero();
    assertThat(output).endsWith("done" + System.lineSeparator());
    for (String name : NAMES) {
      assertThat(Path.of(URI.create(dir.toUri() + name))).hasSize(2);
    }
  }
}
