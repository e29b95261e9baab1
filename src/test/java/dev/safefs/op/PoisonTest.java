package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.handle.FileHandle;
import dev.safefs.op.BrokenChannel.Call;
import dev.safefs.op.PendingWrite.Form;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Each way to fail keeps what was written from being published: {@code close} throws once and names
 * the first cause. What {@code PublishingChannelTest} has of interrupts, closes by other threads
 * and collected channels belongs to these.
 */
@Tag("W2")
class PoisonTest extends InScene {
  private static final OpenRequest REQUEST =
      OpenRequest.parse(Set.of(READ, WRITE, TRUNCATE_EXISTING), SafeConfig.confined());

  private static final OpenRequest WRITING =
      OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), SafeConfig.confined());
  private static final OpenRequest NEW =
      OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), SafeConfig.confined());

  @BeforeEach
  void begin() throws IOException {
    scene.file("file", "old");
  }

  @AfterEach
  void noStrayNameIsLeft() throws IOException {
    scene.close();
    assertThat(scene.names()).containsExactly("file");
  }

  private static ByteBuffer bytes() {
    return ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8));
  }

  /** Opens a publishing channel over a changed one of the JDK's. */
  private FileChannel open(Function<FileChannel, FileChannel> change) throws IOException {
    return WholeFile.open(
        scene.place("file"),
        REQUEST,
        Form.BY_CHANNEL,
        new WholeFile.Opening<FileChannel>() {
          @Override
          public FileChannel pending(PendingWrite write) throws IOException {
            FileChannel jdk = write.file().channel(REQUEST.channelOptions());
            return PublishingChannels.open(write, change.apply(jdk));
          }

          @Override
          public FileChannel inPlace(FileHandle file) {
            throw new AssertionError();
          }
        });
  }

  /** A file without a name. */
  private static FileChannel source() throws IOException {
    Path file = Files.createTempFile("source", null);
    FileChannel channel = FileChannel.open(file, READ, WRITE, DELETE_ON_CLOSE);
    channel.write(ByteBuffer.allocate(1));
    return channel.position(0);
  }

  private static void call(FileChannel channel, Call call) throws IOException {
    switch (call) {
      case READ -> channel.read(bytes());
      case WRITE -> channel.write(bytes());
      case GATHER -> channel.write(new ByteBuffer[] {bytes(), bytes()});
      case WRITE_AT -> channel.write(bytes(), 1);
      case TRUNCATE -> channel.truncate(1);
      case TRANSFER_FROM -> {
        try (FileChannel source = source()) {
          channel.transferFrom(source, 0, 1);
        }
      }
      case MAP -> channel.map(MapMode.READ_WRITE, 0, 1);
      case CLOSE -> channel.close();
    }
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"READ", "CLOSE"})
  void aFailedCallPublishesNothingAndCloseNamesItOnce(Call broken) throws IOException {
    FileChannel channel = open(jdk -> new BrokenChannel(jdk, broken));
    call(channel, broken == Call.GATHER ? Call.WRITE : Call.GATHER);
    assertThatThrownBy(() -> call(channel, broken)).hasMessage(broken + " is broken");
    // What succeeds or fails later changes nothing.
    call(channel, broken == Call.GATHER ? Call.WRITE : Call.GATHER);
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/file")
        .hasRootCauseMessage(broken + " is broken");
    assertThatCode(channel::close).doesNotThrowAnyException();
    assertThat(scene.content("file")).isEqualTo("old");
  }

  private static List<RuntimeException> unchecked() {
    return List.of(
        new IllegalStateException("broken"),
        new IllegalArgumentException("broken"),
        new NullPointerException("broken"),
        new IndexOutOfBoundsException("broken"),
        new UncheckedIOException("broken", new IOException()),
        new ArithmeticException("broken"));
  }

  /** A provider's channel may fail with anything. What was written in part is kept back. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"READ", "CLOSE"})
  void anUncheckedFailureOfTheDelegatePublishesNothing(Call broken) throws IOException {
    for (RuntimeException failure : unchecked()) {
      FileChannel channel =
          open(
              jdk ->
                  new BrokenChannel(
                      jdk,
                      broken,
                      () -> {
                        throw failure;
                      }));
      call(channel, broken == Call.GATHER ? Call.WRITE : Call.GATHER);
      assertThatThrownBy(() -> call(channel, broken)).isSameAs(failure);
      assertThatThrownBy(channel::close)
          .as("%s", failure)
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("/file")
          .hasCause(failure);
      assertThat(scene.content("file")).isEqualTo("old");
    }
  }

  @Test
  void anAsynchronousWriteThatIsNotBegunPublishesNothing() throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    AsynchronousFileChannel channel =
        Opener.openAsynchronous(
            scene.place("file"),
            OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), SafeConfig.confined()),
            Optional.of(executor));
    channel.write(bytes(), 0).get();
    executor.shutdown();
    assertThatThrownBy(() -> channel.write(bytes(), 3))
        .isInstanceOf(RejectedExecutionException.class);
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThat(scene.content("file")).isEqualTo("old");
  }

  /** Nothing was done, as the documentation of {@code FileChannel} has it. */
  @Test
  @SuppressWarnings("DataFlowIssue")
  void whatTheCallerGetsWrongIsNoFailure() throws IOException {
    ByteBuffer[] buffers = {bytes(), null};
    try (FileChannel channel = Opener.open(scene.place("file"), WRITING);
        FileChannel sink = Opener.open(scene.place("sink"), NEW)) {
      refused(NullPointerException.class, () -> channel.write((ByteBuffer) null));
      refused(NullPointerException.class, () -> channel.write(buffers));
      refused(IndexOutOfBoundsException.class, () -> channel.write(buffers, 1, 2));
      refused(NullPointerException.class, () -> channel.write(null, 0));
      refused(IllegalArgumentException.class, () -> channel.write(bytes(), -1));
      refused(IllegalArgumentException.class, () -> channel.truncate(-1));
      refused(NullPointerException.class, () -> channel.transferFrom(null, 0, 1));
      refused(IllegalArgumentException.class, () -> channel.transferFrom(channel, -1, 1));
      refused(IllegalArgumentException.class, () -> channel.transferFrom(channel, 0, -1));
      refused(NonReadableChannelException.class, () -> channel.transferFrom(sink, 0, 1));
      refused(IllegalArgumentException.class, () -> channel.transferTo(-1, 1, sink));
      refused(NonReadableChannelException.class, () -> channel.transferTo(0, 1, sink));
      refused(NullPointerException.class, () -> channel.map(null, 0, 1));
      refused(IllegalArgumentException.class, () -> channel.map(MapMode.READ_WRITE, -1, 1));
      refused(IllegalArgumentException.class, () -> channel.map(MapMode.READ_WRITE, 0, 1L << 31));
      refused(NonReadableChannelException.class, () -> channel.map(MapMode.READ_WRITE, 0, 1));
      channel.write(bytes());
    }
    assertThat(scene.content("file")).isEqualTo("new");
    assertThat(scene.content("sink")).isEmpty();
    Files.delete(scene.path("sink"));
  }

  private static void refused(
      Class<? extends RuntimeException> how, ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(how);
  }

  /** As over a provider that has byte channels only. */
  @Test
  void aChannelWithoutMapsGoesOn() throws IOException {
    BrokenChannel.Failure unmapped =
        () -> {
          throw new UnsupportedOperationException();
        };
    try (FileChannel channel = open(jdk -> new BrokenChannel(jdk, Call.MAP, unmapped))) {
      assertThatThrownBy(() -> call(channel, Call.MAP))
          .isInstanceOf(UnsupportedOperationException.class);
      channel.write(bytes());
    }
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  void whatTheCallerOfAnAsynchronousChannelGetsWrongIsNoFailure() throws Exception {
    try (AsynchronousFileChannel channel =
        Opener.openAsynchronous(scene.place("file"), WRITING, Optional.empty())) {
      refused(NullPointerException.class, () -> channel.write(null, 0));
      refused(IllegalArgumentException.class, () -> channel.write(bytes(), -1));
      refused(NullPointerException.class, () -> channel.write(bytes(), 0, null, null));
      refused(IllegalArgumentException.class, () -> channel.truncate(-1));
      channel.write(bytes(), 0).get();
    }
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  void aFailedCloseOfTheContentPublishesNothing() throws IOException {
    FileChannel channel = open(jdk -> new BrokenChannel(jdk, Call.CLOSE));
    channel.write(bytes());
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/file")
        .hasRootCauseMessage("CLOSE is broken");
    assertThatCode(channel::close).doesNotThrowAnyException();
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  void theFirstFailureIsNamedNotTheLast() throws IOException {
    FileChannel inner =
        open(jdk -> new BrokenChannel(new BrokenChannel(jdk, Call.WRITE), Call.MAP));
    assertThatThrownBy(() -> call(inner, Call.WRITE)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> call(inner, Call.MAP)).isInstanceOf(IOException.class);
    assertThatThrownBy(inner::close).hasRootCauseMessage("WRITE is broken");
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  void aTransferToAClosedChannelIsNoFailureOfTheContent() throws IOException {
    Pipe pipe = Pipe.open();
    pipe.source().close();
    pipe.sink().close();
    try (FileChannel channel = open(jdk -> jdk)) {
      channel.write(bytes());
      assertThatThrownBy(() -> channel.transferTo(0, 3, pipe.sink()))
          .isInstanceOf(ClosedChannelException.class);
    }
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  void aFailedReadIsNoFailureOfTheContent() throws IOException {
    try (FileChannel channel = open(jdk -> new BrokenChannel(jdk, Call.READ))) {
      channel.write(bytes());
      assertThatThrownBy(() -> call(channel, Call.READ)).hasMessage("READ is broken");
    }
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("W3")
  void aFailedForcePublishesNothingAndIsNotRetried(boolean metaData) throws IOException {
    Syscalls failing = FaultingSyscalls.once(Scene.kernel(), 1, Errno.EIO, "fsync").syscalls();
    try (Scene broken = Scene.confined(dir, failing, SafeConfig.confined())) {
      FileChannel channel = Opener.open(broken.place("file"), REQUEST);
      channel.write(bytes());
      assertThatThrownBy(() -> channel.force(metaData)).hasMessageContaining("/file: fsync: EIO");
      // The kernel would say that all is well now, over lost data.
      assertThatThrownBy(() -> channel.force(metaData)).isInstanceOf(IOException.class);
      assertThatThrownBy(channel::close)
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("fsync: EIO");
      assertThatCode(channel::close).doesNotThrowAnyException();
      assertThat(broken.content("file")).isEqualTo("old");
    }
  }

  @Test
  void aFailedAsynchronousWritePublishesNothing() throws Exception {
    AsynchronousFileChannel channel =
        Opener.openAsynchronous(
            scene.place("file"),
            OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), SafeConfig.confined()),
            Optional.empty());
    channel.write(bytes(), 0).get();
    // No file of any file system is that long.
    Future<Integer> write = channel.write(bytes(), Long.MAX_VALUE - 1);
    assertThatThrownBy(write::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(IOException.class);
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/file");
    assertThatCode(channel::close).doesNotThrowAnyException();
    assertThat(scene.content("file")).isEqualTo("old");
  }

  /** As the JDK's own open may fail, which no fault of ours can reach. */
  @Test
  @Tag("K3")
  void aChannelThatCannotBeOpenedLeavesNothing() throws IOException {
    for (Syscalls sys : List.of(Scene.kernel(), PoorMount.withoutAnonymousFiles(Scene.kernel()))) {
      try (Scene here = Scene.confined(dir, sys, SafeConfig.confined())) {
        long before = Scene.descriptors();
        WholeFile.Opening<FileChannel> none =
            new WholeFile.Opening<>() {
              @Override
              public FileChannel pending(PendingWrite write) throws IOException {
                throw new FileSystemException("x", null, "Too many open files");
              }

              @Override
              public FileChannel inPlace(FileHandle file) {
                throw new AssertionError();
              }
            };
        assertThatThrownBy(() -> WholeFile.open(here.place("file"), REQUEST, Form.BY_CHANNEL, none))
            .hasMessageContaining("Too many open files");
        assertThat(Scene.descriptors()).isLessThanOrEqualTo(before);
        assertThat(here.content("file")).isEqualTo("old");
        assertThat(here.names()).containsExactly("file");
      }
    }
  }

  @Test
  void aTooLongWriteOfTheJdksOwnChannelPublishesNothing() throws IOException {
    FileChannel channel = open(jdk -> jdk);
    channel.write(bytes());
    assertThatThrownBy(() -> channel.write(bytes(), Long.MAX_VALUE - 1))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(channel::close).isInstanceOf(FileSystemException.class);
    assertThat(scene.content("file")).isEqualTo("old");
  }
}
