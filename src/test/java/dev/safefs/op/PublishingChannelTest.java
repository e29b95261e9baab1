package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a channel on a pending file does, and when it does not publish. */
@Timeout(60)
class PublishingChannelTest extends InScene {
  @BeforeEach
  void begin() throws IOException {
    scene.file("file", "old");
  }

  @AfterEach
  void noStrayNameIsLeft() throws IOException {
    scene.close();
    assertThat(scene.names()).isSubsetOf("file", "new");
  }

  private FileChannel open(String name, OpenOption... options) throws IOException {
    return Opener.open(scene.place(name), request(options));
  }

  private static OpenRequest request(OpenOption... options) {
    return OpenRequest.parse(Set.of(options), SafeConfig.confined());
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @Tag("W1")
  void readersSeeTheOldFileUntilTheChannelIsClosed() throws IOException {
    try (FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING)) {
      channel.write(bytes("new"));
      assertThat(scene.content("file")).isEqualTo("old");
    }
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  @Tag("W1")
  void aNewFileHasNoNameUntilTheChannelIsClosed() throws IOException {
    try (FileChannel channel = open("new", WRITE, CREATE, TRUNCATE_EXISTING)) {
      channel.write(bytes("new"));
      assertThat(scene.names()).containsExactly("file");
    }
    assertThat(scene.content("new")).isEqualTo("new");
  }

  @Test
  @Tag("W2")
  void aFailedTransferPublishesNothingAndCloseThrowsOnce() throws IOException {
    FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING);
    Pipe pipe = Pipe.open();
    pipe.source().close();
    assertThatThrownBy(() -> channel.transferFrom(pipe.source(), 0, 10))
        .isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(channel::close)
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("/file")
        .hasCauseInstanceOf(ClosedChannelException.class);
    channel.close();
    pipe.sink().close();
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  @Tag("W2")
  void anInterruptedWriteIsNotPublished() throws IOException {
    FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING);
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> channel.write(bytes("new")))
          .isInstanceOf(ClosedByInterruptException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThatThrownBy(channel::close).hasCauseInstanceOf(ClosedByInterruptException.class);
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  @Tag("W2")
  void aCloseDuringAnOperationPublishesNothing() throws Exception {
    FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING);
    Pipe pipe = Pipe.open();
    CountDownLatch reading = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () -> {
              try {
                channel.transferFrom(new Announcing(pipe.source(), reading), 0, 10);
              } catch (IOException e) {
                // Closed meanwhile, unless the source ended first.
                return;
              }
            });
    writer.start();
    reading.await();
    assertThatThrownBy(channel::close).isInstanceOf(FileSystemException.class);
    pipe.sink().close();
    writer.join();
    pipe.source().close();
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  void aRefusedArgumentIsNoFailure() throws IOException {
    try (FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING)) {
      assertThatThrownBy(() -> channel.truncate(-1)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> channel.read(bytes("x")))
          .isInstanceOf(java.nio.channels.NonReadableChannelException.class);
      channel.write(bytes("new"));
    }
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  @Tag("W2")
  void aCollectedChannelPublishesNothingAndFreesItsDescriptors() throws Exception {
    long before = Scene.descriptors();
    WeakReference<FileChannel> abandoned = abandon();
    for (int i = 0; i < 1000 && (abandoned.get() != null || Scene.descriptors() > before); i++) {
      System.gc();
      Thread.onSpinWait();
      Thread.yield();
    }
    assertThat(Scene.descriptors()).isLessThanOrEqualTo(before);
    assertThat(scene.content("file")).isEqualTo("old");
  }

  private WeakReference<FileChannel> abandon() throws IOException {
    FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING);
    channel.write(bytes("new"));
    return new WeakReference<>(channel);
  }

  @Test
  @Tag("W3")
  void forcePublishesAndTheChannelGoesOnInPlace() throws IOException {
    try (FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING)) {
      channel.write(bytes("new"));
      channel.force(false);
      assertThat(scene.content("file")).isEqualTo("new");
      channel.write(bytes(" and more"));
      assertThat(scene.content("file")).isEqualTo("new and more");
      channel.force(true);
    }
    assertThat(scene.content("file")).isEqualTo("new and more");
  }

  @ParameterizedTest
  @EnumSource(
      value = StandardOpenOption.class,
      names = {"SYNC", "DSYNC"})
  @Tag("W3")
  void aSynchronousWriteIsForced(StandardOpenOption synchronous) throws IOException {
    try (FileChannel channel = open("file", WRITE, TRUNCATE_EXISTING, synchronous)) {
      assertThat(scene.content("file")).isEqualTo("old");
      channel.write(bytes("new"));
      assertThat(scene.content("file")).isEqualTo("new");
    }
  }

  @Test
  void aLockNamesOurChannel() throws IOException {
    try (FileChannel channel = open("file", READ, WRITE, TRUNCATE_EXISTING);
        FileLock lock = channel.lock()) {
      assertThat(lock.channel()).isSameAs(channel);
      assertThat(lock.isValid()).isTrue();
    }
    assertThat(scene.content("file")).isEmpty();
  }

  @Test
  void whatIsMappedIsPublished() throws IOException {
    try (FileChannel channel = open("file", READ, WRITE, TRUNCATE_EXISTING)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, 3);
      mapped.put(bytes("map"));
      assertThat(scene.content("file")).isEqualTo("old");
    }
    assertThat(scene.content("file")).isEqualTo("map");
  }

  @Test
  @Tag("W1")
  void anAsynchronousChannelPublishesOnClose() throws Exception {
    try (AsynchronousFileChannel channel =
        Opener.openAsynchronous(
            scene.place("file"), request(WRITE, TRUNCATE_EXISTING), Optional.empty())) {
      channel.write(bytes("new"), 0).get();
      assertThat(scene.content("file")).isEqualTo("old");
    }
    assertThat(scene.content("file")).isEqualTo("new");
  }

  /** Tells when it is read. */
  private record Announcing(Pipe.SourceChannel source, CountDownLatch reading)
      implements java.nio.channels.ReadableByteChannel {
    @Override
    public int read(ByteBuffer dst) throws IOException {
      reading.countDown();
      return source.read(dst);
    }

    @Override
    public boolean isOpen() {
      return source.isOpen();
    }

    @Override
    public void close() throws IOException {
      source.close();
    }
  }
}
