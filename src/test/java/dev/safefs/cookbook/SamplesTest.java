package dev.safefs.cookbook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PathEscapeException;
import dev.safefs.PendingFile;
import dev.safefs.SafeFiles;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of {@code README.md} and {@code docs/guarantees.md}, line by line. */
class SamplesTest {
  private static final Path BASE = Path.of(System.getProperty("basedir", ""));
  private static final Pattern BLOCK = Pattern.compile("(?m)^```java\n(.*?)```", Pattern.DOTALL);
  private static final String COMMENT = " +//.*";

  @TempDir Path dir;

  // README.md, the first door; its paths are of no test's business, so that it is compiled only
  static void ambient(String text) throws IOException {
    Path config = Path.of(URI.create("safe:///etc/app/app.conf"));
    Files.writeString(config, text);
  }

  static void confined(InputStream body, String nameFromTheNetwork) throws IOException {
    try (FileSystem uploads =
        FileSystems.newFileSystem(URI.create("safe:///srv/uploads"), Map.of())) {
      Path target = uploads.getPath(nameFromTheNetwork);
      SafeFiles.copy(body, target);
    }
  }

  // The third one
  static void verbs(Path current, Path a, Path b, Path path) throws IOException {
    SafeFiles.replaceSymbolicLink(current, Path.of("releases/42"));
    SafeFiles.exchange(a, b);
    SafeFiles.write(path, out -> render(out));
  }

  private static void render(OutputStream out) throws IOException {
    out.write('x');
  }

  // docs/guarantees.md
  private String header() {
    return "header";
  }

  private String body() {
    throw new IllegalStateException("body");
  }

  private void halfAFile(Path config) throws IOException {
    try (BufferedWriter out = Files.newBufferedWriter(config)) {
      out.write(header());
      out.write(body());
    }
  }

  private void noFile(Path config) throws IOException {
    SafeFiles.write(
        config,
        out -> {
          Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
          text.write(header());
          text.write(body());
          text.flush();
        });
  }

  private static void render(FileChannel channel) throws IOException {
    channel.write(ByteBuffer.wrap(new byte[] {'y'}));
  }

  private static void committed(Path config) throws IOException {
    try (PendingFile pending = SafeFiles.pending(config)) {
      render(pending.channel());
      pending.commit();
    }
  }

  private static List<String> lines(String text) {
    return text.lines()
        .map(line -> line.replaceFirst(COMMENT, "").replace(" ", ""))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/guarantees.md"})
  void everyExampleIsCompiled(String document) throws IOException {
    String source =
        Files.readString(BASE.resolve("src/test/java/dev/safefs/cookbook/SamplesTest.java"))
            .replaceAll(COMMENT, "")
            .replaceAll("\\s", "");
    Matcher blocks = BLOCK.matcher(Files.readString(BASE.resolve(document)));
    int lines = 0;
    while (blocks.find()) {
      List<String> block = lines(blocks.group(1));
      assertThat(block)
          .allMatch(line -> Pattern.compile("[;{}]" + Pattern.quote(line)).matcher(source).find());
      lines += block.size();
    }
    assertThat(lines).isGreaterThan(7);
  }

  @Test
  @Tag("R1")
  void aNameFromTheNetworkDoesNotLeadOut() throws IOException {
    URI root = URI.create("safe://" + dir.toUri().getRawPath());
    try (FileSystem uploads = FileSystems.newFileSystem(root, Map.of())) {
      Path outside = uploads.getPath("../../etc/passwd");
      InputStream body = new ByteArrayInputStream(new byte[1]);
      assertThatThrownBy(() -> SafeFiles.copy(body, outside))
          .isInstanceOf(PathEscapeException.class);
      SafeFiles.copy(body, uploads.getPath("upload"));
    }
    assertThat(dir.resolve("upload")).hasSize(1);
  }

  @Test
  @Tag("L1")
  @Tag("M5")
  void theVerbsDoWhatTheySay() throws IOException {
    Path a = Files.writeString(dir.resolve("a"), "A");
    Path b = Files.writeString(dir.resolve("b"), "B");
    verbs(dir.resolve("current"), a, b, dir.resolve("path"));
    assertThat(Files.readSymbolicLink(dir.resolve("current"))).hasToString("releases/42");
    assertThat(a).hasContent("B");
    assertThat(b).hasContent("A");
    assertThat(dir.resolve("path")).hasContent("x");
  }

  @Test
  @Tag("W7")
  void aBodyThatFailsPublishesHalfAFileOrNone() throws IOException {
    URI root = URI.create("safe://" + dir.toUri().getRawPath());
    try (FileSystem safe = FileSystems.newFileSystem(root, Map.of())) {
      Path config = safe.getPath("config");
      assertThatThrownBy(() -> noFile(config)).hasMessage("body");
      assertThat(config).doesNotExist();
      assertThatThrownBy(() -> halfAFile(config)).hasMessage("body");
      assertThat(config).hasContent("header");
      committed(config);
      assertThat(config).hasContent("y");
    }
  }
}
