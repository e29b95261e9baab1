package dev.safefs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeFiles.Body;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Options that are known, but not fit for what is called, are refused before it begins. */
@Tag("K5")
class UnfitOptionsTest {
  @TempDir Path dir;
  private Path file;

  @BeforeEach
  void plant() throws IOException {
    file = Files.writeString(dir.resolve("file"), "old");
  }

  private void isRefused(ThrowingCallable call) throws IOException {
    assertThatThrownBy(call).isInstanceOf(UnsupportedOperationException.class);
    assertThat(file).hasContent("old");
    assertThat(dir.toFile().list()).containsExactly("file");
  }

  @Test
  void whatIsPublishedIsNotDeletedOnClose() throws IOException {
    Path fresh = dir.resolve("fresh");
    Body body = out -> out.write('n');
    OpenOption[] options = {CREATE, DELETE_ON_CLOSE};
    for (Path path : new Path[] {file, fresh}) {
      isRefused(() -> SafeFiles.pending(path, options).close());
      isRefused(() -> SafeFiles.write(path, body, options));
      try (FileBatch batch = SafeFiles.batch(dir)) {
        isRefused(() -> batch.add(path, options));
      }
    }
  }

  @Test
  void aPinnedFileIsNotPublished() throws IOException {
    OpenOption publish = SafeOpenOption.PUBLISH_ON_CLOSE;
    try (PinnedFile pinned = SafeFiles.pin(file)) {
      isRefused(() -> pinned.channel(publish).close());
      isRefused(() -> pinned.channel(READ, publish).close());
      isRefused(() -> pinned.channel(WRITE, publish).close());
      isRefused(() -> pinned.channel(WRITE, TRUNCATE_EXISTING, publish).close());
    }
  }

  @Test
  void whatIsTrueOfAPinnedFileAnywayIsTaken() throws IOException {
    try (PinnedFile pinned = SafeFiles.pin(file)) {
      OpenOption[] options = {WRITE, SafeOpenOption.IN_PLACE, SafeOpenOption.DURABLE};
      assertThatCode(() -> pinned.channel(options).close()).doesNotThrowAnyException();
      assertThatCode(() -> pinned.channel(READ, LinkOption.NOFOLLOW_LINKS).close())
          .doesNotThrowAnyException();
    }
  }
}
