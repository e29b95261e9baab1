package dev.safefs.op;

import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.CompletionHandler;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Several threads, or a user's own executor, at one pending file. */
class ManyThreadsTest extends InScene {
  private static final OpenRequest REQUEST =
      OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), SafeConfig.confined());

  @BeforeEach
  void begin() throws IOException {
    scene.file("file", "old");
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static FutureTask<Boolean> daemon(FutureTask<Boolean> task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return task;
  }

  @Test
  @Tag("W7")
  void aCommitAndACloseOfItsChannelDoNotWaitForEachOther() throws Exception {
    PendingWrite write = PendingWrite.open(scene.place("file"), REQUEST);
    write.channel().write(bytes("new"));
    FutureTask<Boolean> commit =
        new FutureTask<>(
            () -> {
              // As in the middle of a commit.
              synchronized (write) {
                Thread closer = new Thread(() -> closeQuietly(write), "closer");
                closer.setDaemon(true);
                closer.start();
                while (closer.getState() != Thread.State.BLOCKED && closer.isAlive()) {
                  Thread.onSpinWait();
                }
                write.commit();
                return true;
              }
            });
    assertThat(daemon(commit, "commit").get(10, TimeUnit.SECONDS)).isTrue();
    write.close();
    assertThat(scene.content("file")).isEqualTo("new");
    assertThat(scene.names()).containsExactly("file");
  }

  private static void closeQuietly(PendingWrite write) {
    try {
      write.channel().close();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Runs tasks in the thread that brings them, or keeps them. */
  private static final class CallersExecutor extends AbstractExecutorService {
    private final Queue<Runnable> kept = new ArrayDeque<>();
    private boolean keeps;

    @Override
    public void execute(Runnable task) {
      if (keeps) {
        kept.add(task);
      } else {
        task.run();
      }
    }

    @Override
    public void shutdown() {
      kept.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
      return List.copyOf(kept);
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }

  /** Throws whatever it is told. */
  private static final class Throwing implements CompletionHandler<Integer, String> {
    @Override
    public void completed(Integer result, String attachment) {
      throw new IllegalStateException(attachment);
    }

    @Override
    public void failed(Throwable failure, String attachment) {
      throw new IllegalStateException(attachment);
    }
  }

  @Test
  @Tag("W2")
  void aHandlerThatThrowsInTheCallersThreadHidesNoWriteThatIsStillToBeDone() throws Exception {
    CallersExecutor executor = new CallersExecutor();
    AsynchronousFileChannel channel =
        Opener.openAsynchronous(scene.place("file"), REQUEST, Optional.of(executor));
    assertThatThrownBy(() -> channel.write(bytes("new"), 0, "thrown", new Throwing()))
        .hasMessage("thrown");
    executor.keeps = true;
    Future<Integer> later = channel.write(bytes("end"), 3);
    assertThatThrownBy(channel::close).isInstanceOf(FileSystemException.class);
    executor.kept.forEach(Runnable::run);
    assertThat(later).isDone();
    assertThat(scene.content("file")).isEqualTo("old");
    assertThat(scene.names()).containsExactly("file");
  }
}
