package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several threads at one secure directory stream, one of which closes it. */
@Tag("S1")
class SecureStreamThreadsTest {
  @TempDir Path dir;

  private static Path safe(Path path) {
    return Path.of(URI.create("safe://" + path));
  }

  private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) {
    return (SecureDirectoryStream<Path>) stream;
  }

  /** Something that another thread does. */
  private record Doing<T>(Thread thread, FutureTask<T> task) {
    static <T> Doing<T> begin(Callable<T> call) {
      FutureTask<T> task = new FutureTask<>(call);
      Thread thread = new Thread(task, "doing");
      thread.setDaemon(true);
      thread.start();
      return new Doing<>(thread, task);
    }

    static Doing<Boolean> closing(DirectoryStream<Path> stream) {
      return begin(
          () -> {
            stream.close();
            return true;
          });
    }

    void waitUntilItWaits() {
      while (thread.getState() != Thread.State.BLOCKED
          && thread.getState() != Thread.State.WAITING
          && thread.isAlive()) {
        Thread.onSpinWait();
      }
    }

    T result() throws Exception {
      return task.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aFilterUsesTheStreamWhileAnotherThreadClosesIt() throws Exception {
    Files.createFile(dir.resolve("file"));
    AtomicReference<SecureDirectoryStream<Path>> opened = new AtomicReference<>();
    AtomicReference<Doing<Boolean>> closing = new AtomicReference<>();
    DirectoryStream.Filter<Path> filter =
        entry -> {
          closing.set(Doing.closing(opened.get()));
          closing.get().waitUntilItWaits();
          return isFile(opened.get(), entry.getFileName());
        };
    opened.set(secure(Files.newDirectoryStream(safe(dir), filter)));
    Doing<Boolean> iterating = Doing.begin(() -> opened.get().iterator().hasNext());
    assertThat(iterating.result()).isFalse();
    assertThat(closing.get().result()).isTrue();
  }

  private static boolean isFile(SecureDirectoryStream<Path> stream, Path name) throws IOException {
    try {
      return stream
          .getFileAttributeView(name, BasicFileAttributeView.class)
          .readAttributes()
          .isRegularFile();
    } catch (java.nio.file.ClosedDirectoryStreamException e) {
      return false;
    }
  }

  /**
   * Two who move from one stream to the other, and back, never wait for each other by way of two
   * who close them.
   */
  @Test
  void aMoveDoesNotWaitBehindACloseThatWaits() throws Exception {
    Path from = Files.createDirectory(dir.resolve("from"));
    Path to = Files.createDirectory(dir.resolve("to"));
    Files.createFile(from.resolve("file"));
    Path fifo = to.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    try (SecureDirectoryStream<Path> source = secure(Files.newDirectoryStream(safe(from)))) {
      SecureDirectoryStream<Path> target = secure(Files.newDirectoryStream(safe(to)));
      Doing<SeekableByteChannel> reading =
          Doing.begin(
              () ->
                  target.newByteChannel(safe(fifo).getFileName(), Set.of(StandardOpenOption.READ)));
      Doing<Boolean> closing = null;
      try {
        waitUntilOpening(reading.thread());
        closing = Doing.closing(target);
        closing.waitUntilItWaits();
        Path name = safe(from.resolve("file")).getFileName();
        Doing<Boolean> moving =
            Doing.begin(
                () -> {
                  source.move(name, target, name);
                  return true;
                });
        assertThat(moving.result()).isTrue();
        assertThat(to.resolve("file")).exists();
      } finally {
        // For both, as that does not wait for a reader, which may have failed; fifo(7).
        Files.newByteChannel(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
        reading.result().close();
      }
      assertThat(closing.result()).isTrue();
    }
  }

  /** Waits until a thread is in the JDK's open of a path, which waits for a writer of the FIFO. */
  private static void waitUntilOpening(Thread thread) {
    while (thread.isAlive()
        && Arrays.stream(thread.getStackTrace()).noneMatch(SecureStreamThreadsTest::isOpen)) {
      Thread.onSpinWait();
    }
  }

  /** Class loaders open files, too, by a method of the same name. */
  private static boolean isOpen(StackTraceElement frame) {
    return frame.getClassName().equals("sun.nio.fs.UnixNativeDispatcher")
        && frame.getMethodName().startsWith("open0");
  }
}
