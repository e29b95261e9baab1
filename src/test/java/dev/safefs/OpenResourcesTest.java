package dev.safefs;

import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenResourcesTest {
  @TempDir Path dir;

  @Test
  @Tag("W2")
  void aWriterOpenedWhileTheFileSystemClosesPublishesNothing() throws IOException {
    Path file = Files.writeString(dir.toRealPath().resolve("file"), "old");
    OpenResources resources = new OpenResources();
    resources.close();
    FileChannel late =
        FileChannel.open(Path.of(URI.create("safe://" + file)), WRITE, TRUNCATE_EXISTING);
    assertThatThrownBy(() -> resources.keep(late)).isInstanceOf(ClosedFileSystemException.class);
    assertThat(file).hasContent("old");
    assertThat(dir).isDirectoryNotContaining("glob:**/.*");
  }

  @Test
  void allAreClosedWhateverFails() throws IOException {
    OpenResources resources = new OpenResources();
    AtomicInteger closed = new AtomicInteger();
    Closeable checked =
        resources.keep(
            () -> {
              closed.incrementAndGet();
              throw new IOException("checked");
            });
    Closeable unchecked =
        resources.keep(
            () -> {
              closed.incrementAndGet();
              throw new UncheckedIOException(new IOException("unchecked"));
            });
    assertThatThrownBy(resources::close)
        .isInstanceOf(IOException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThat(closed).hasValue(2);
    assertThat(checked).isNotSameAs(unchecked);
    resources.close();
  }
}
