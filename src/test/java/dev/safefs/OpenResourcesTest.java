package dev.safefs;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.op.Ending;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenResourcesTest {
  private static final int MANY = 10_000;

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

  /** As where there is no memory, or no stack. */
  @Test
  @Tag("K3")
  void allAreClosedWhateverErrorComes() throws IOException {
    OpenResources resources = new OpenResources();
    AtomicInteger closed = new AtomicInteger();
    AssertionError same = new AssertionError("played");
    List<Closeable> kept = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      kept.add(
          resources.keep(
              () -> {
                closed.incrementAndGet();
                throw same;
              }));
    }
    assertThatThrownBy(resources::close).isSameAs(same);
    assertThat(closed).hasValue(kept.size());
  }

  @Test
  @Tag("K3")
  void whatCannotBeClosedIsToldOfAfterThatTheFileSystemIsClosed() throws IOException {
    OpenResources resources = new OpenResources();
    resources.close();
    Closeable late =
        () -> {
          throw new AssertionError("played");
        };
    assertThatThrownBy(() -> resources.keep(late))
        .isInstanceOf(ClosedFileSystemException.class)
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
  }

  /** Else the garbage collector has to look at each, and pauses for that. */
  @Test
  void whatIsOverIsNotKept() throws IOException {
    OpenResources resources = new OpenResources();
    AtomicInteger closed = new AtomicInteger();
    List<Closeable> held = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      held.add(resources.keep(new Over(closed)));
    }
    resources.close();
    assertThat(held).hasSize(MANY);
    assertThat(closed).hasValueLessThan(100);
  }

  private record Over(AtomicInteger closed) implements Closeable, Ending {
    @Override
    public boolean isOver() {
      return true;
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(this);
    }
  }

  @Test
  void whatIsGivenOutIsOverOnceItIsClosed() throws IOException {
    try (FileSystem safe =
        FileSystems.newFileSystem(URI.create("safe://" + dir.toRealPath()), Map.of())) {
      Path file = safe.getPath("/file");
      for (Closeable each :
          List.<Closeable>of(
              Files.newDirectoryStream(safe.getPath("/")),
              FileChannel.open(file, WRITE, CREATE, TRUNCATE_EXISTING),
              AsynchronousFileChannel.open(file, WRITE, CREATE, TRUNCATE_EXISTING))) {
        assertThat(each).isInstanceOf(Ending.class);
        assertThat(((Ending) each).isOver()).isFalse();
        each.close();
        assertThat(((Ending) each).isOver()).isTrue();
      }
    }
  }
}
