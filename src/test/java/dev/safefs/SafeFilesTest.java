package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that NIO does not have, on paths of the JDK's default file system. */
class SafeFilesTest {
  @TempDir Path dir;

  @Test
  @Tag("W7")
  void aBodyThatFailsLeavesTheOldFile() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "old");

    assertThatThrownBy(
            () ->
                SafeFiles.write(
                    file,
                    out -> {
                      out.write('n');
                      throw new IOException("half way");
                    }))
        .hasMessage("half way");

    assertThat(file).hasContent("old");
    assertThat(dir).isDirectoryNotContaining("glob:**/.*");
    SafeFiles.write(file, out -> out.write("new".getBytes(StandardCharsets.UTF_8)));
    assertThat(file).hasContent("new");
  }

  @Test
  @Tag("W7")
  void aPendingFileIsPublishedByACommitOnly() throws IOException {
    Path file = dir.resolve("file");

    SafeFiles.pending(file).close();
    assertThat(file).doesNotExist();

    try (PendingFile pending = SafeFiles.pending(file, StandardOpenOption.CREATE_NEW)) {
      pending.channel().write(StandardCharsets.UTF_8.encode("new"));
      pending.commit();
    }
    assertThat(file).hasContent("new");
  }

  @Test
  @Tag("C2")
  void aStreamIsCopiedWhole() throws IOException {
    Path file = dir.resolve("file");

    assertThat(SafeFiles.copy(content("new"), file)).isEqualTo(3);
    assertThatThrownBy(() -> SafeFiles.copy(content("x"), file))
        .isInstanceOf(FileAlreadyExistsException.class);
    SafeFiles.copy(content("newer"), file, StandardCopyOption.REPLACE_EXISTING);

    assertThat(file).hasContent("newer");
    assertThatThrownBy(() -> SafeFiles.copy(content("x"), file, StandardCopyOption.COPY_ATTRIBUTES))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  @Tag("W7")
  void aStreamThatBreaksLeavesNoHalfOfIt() throws IOException {
    Path old = Files.writeString(dir.resolve("old"), "old");
    Path fresh = dir.resolve("fresh");
    assertThatThrownBy(() -> SafeFiles.copy(breaking(), old, StandardCopyOption.REPLACE_EXISTING))
        .hasMessage("broken");
    assertThatThrownBy(() -> SafeFiles.copy(breaking(), fresh)).hasMessage("broken");
    assertThat(old).hasContent("old");
    assertThat(fresh).doesNotExist();
    assertThat(dir).isDirectoryNotContaining("glob:**/.*");
    // Control: the JDK leaves half of it, and has removed what was there before.
    assertThatThrownBy(() -> Files.copy(breaking(), old, StandardCopyOption.REPLACE_EXISTING))
        .hasMessage("broken");
    assertThat(old).hasContent("half");
  }

  private static InputStream breaking() {
    InputStream end =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("broken");
          }
        };
    return new SequenceInputStream(content("half"), end);
  }

  @Test
  @Tag("M5")
  void anExchangeSwapsNames() throws IOException {
    Path a = Files.writeString(dir.resolve("a"), "a");
    Path b = Files.createDirectory(dir.resolve("b"));

    SafeFiles.exchange(a, b);

    assertThat(a).isDirectory();
    assertThat(b).hasContent("a");
  }

  @Test
  @Tag("L2")
  void aLinkIsReplacedOnlyIfItIsWhatWasExpected() throws IOException {
    Path link = Files.createSymbolicLink(dir.resolve("link"), Path.of("one"));

    assertThat(SafeFiles.replaceSymbolicLink(link, Path.of("other"), Path.of("two"))).isFalse();
    assertThat(SafeFiles.replaceSymbolicLink(link, Path.of("one"), Path.of("two"))).isTrue();
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("two"));
    SafeFiles.replaceSymbolicLink(link, Path.of("three"));
    assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("three"));
  }

  @Test
  void copiesAndMovesGoBetweenProviders() throws IOException {
    Path file = Files.writeString(dir.resolve("file"), "content");
    Path safe = new SafeFileSystemProvider().ambient().getPath(dir.toString(), "copy");

    SafeFiles.copy(file, safe);
    SafeFiles.move(safe, dir.resolve("moved"));

    assertThat(dir.resolve("moved")).hasContent("content");
    assertThat(dir.resolve("copy")).doesNotExist();
  }

  private static InputStream content(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
