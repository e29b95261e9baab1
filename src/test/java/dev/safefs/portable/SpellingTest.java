package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.SafeFileSystems;
import dev.safefs.SafeFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Names that are one, composed or not, as macOS has it. */
@Tag("M4")
class SpellingTest {
  private static final String COMPOSED = "caf\u00e9";
  private static final String DECOMPOSED = "cafe\u0301";

  private FileSystem delegate;
  private FileSystem safe;
  private Path composed;
  private Path decomposed;

  @BeforeEach
  void open() throws IOException {
    delegate = Jimfs.newFileSystem(Configuration.osX());
    safe =
        SafeFileSystems.over(Files.createDirectory(delegate.getPath("/top")), Answers.BEST_EFFORT);
    composed = safe.getPath("/" + COMPOSED);
    decomposed = safe.getPath("/" + DECOMPOSED);
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
    delegate.close();
  }

  private long names() throws IOException {
    try (Stream<Path> names = Files.list(delegate.getPath("/top"))) {
      return names.count();
    }
  }

  @Test
  void eitherSpellingFindsReplacesAndDeletesTheFile() throws IOException {
    Files.writeString(composed, "one");
    assertThat(decomposed).hasContent("one");
    assertThat(Files.isSameFile(composed, decomposed)).isTrue();
    Files.writeString(decomposed, "two");
    assertThat(composed).hasContent("two");
    assertThat(names()).isEqualTo(1);
    Files.delete(decomposed);
    assertThat(names()).isZero();
  }

  @Test
  void theOtherSpellingIsTaken() throws IOException {
    Files.writeString(composed, "one");
    Path other = Files.writeString(safe.getPath("/other"), "two");
    assertThatThrownBy(() -> Files.writeString(decomposed, "", StandardOpenOption.CREATE_NEW))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.move(other, decomposed))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(composed).hasContent("one");
    Files.move(other, decomposed, REPLACE_EXISTING);
    assertThat(composed).hasContent("two");
    assertThat(names()).isEqualTo(1);
  }

  /** A move to the other spelling is no move over another file, and loses nothing. */
  @Test
  void aFileMovesToItsOtherSpelling() throws IOException {
    Files.writeString(composed, "one");
    Files.move(composed, decomposed);
    Files.move(decomposed, composed, REPLACE_EXISTING);
    Files.copy(composed, decomposed, REPLACE_EXISTING);
    assertThat(decomposed).hasContent("one");
    assertThat(names()).isEqualTo(1);
  }

  @Test
  void treesAndLinksGoByEitherSpelling() throws IOException {
    Files.createDirectory(composed);
    Files.writeString(decomposed.resolve("x"), "X");
    Files.createSymbolicLink(safe.getPath("/link"), safe.getPath(DECOMPOSED));
    assertThat(safe.getPath("/link/x")).hasContent("X");
    SafeFiles.copyTree(decomposed, safe.getPath("/copy"));
    assertThat(safe.getPath("/copy/x")).hasContent("X");
    SafeFiles.deleteTree(decomposed);
    assertThat(composed).doesNotExist();
  }

  /** A move gives the new spelling; a file that is rewritten keeps the one it has. */
  @Test
  @Tag("W4")
  void aRewrittenFileKeepsItsSpelling() throws IOException {
    Files.writeString(composed, "one");
    Files.writeString(decomposed, "two");
    Files.writeString(safe.getPath("/a"), "one");
    Files.writeString(safe.getPath("/A"), "two");
    assertThat(composed).hasContent("two");
    assertThat(safe.getPath("/a")).hasContent("two");
    try (Stream<Path> names = Files.list(delegate.getPath("/top"))) {
      assertThat(names.map(name -> name.getFileName().toString()))
          .containsExactlyInAnyOrder("a", delegate.getPath(COMPOSED).toString());
    }
    Files.move(safe.getPath("/a"), safe.getPath("/A"));
    try (Stream<Path> names = Files.list(delegate.getPath("/top"))) {
      assertThat(names.map(name -> name.getFileName().toString())).contains("A");
    }
  }
}
