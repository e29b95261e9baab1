package dev.safefs.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand rewrites on a full disk, of bytes or of inodes. Needs root, to mount one. */
@Tag("root")
@Tag("K3")
class FullDiskTest {
  private static final int TIMES = 1000;
  private static final byte[] OLD = new byte[6 << 20];
  private static final byte[] NEW = new byte[12 << 20];

  static {
    Arrays.fill(OLD, (byte) 'o');
    Arrays.fill(NEW, (byte) 'n');
  }

  @TempDir Path disk;

  private void mount(String options) throws Exception {
    assertThat(
            new ProcessBuilder("mount", "-t", "tmpfs", "-o", options, "tmpfs", disk.toString())
                .start()
                .waitFor())
        .isZero();
  }

  @AfterEach
  void unmount() throws Exception {
    assertThat(new ProcessBuilder("umount", disk.toString()).start().waitFor()).isZero();
  }

  private Path safe(String name) {
    return Path.of(URI.create("safe://" + disk.resolve(name).toUri().getRawPath()));
  }

  private long names() throws IOException {
    try (Stream<Path> all = Files.list(disk)) {
      return all.count();
    }
  }

  /** Counts those that lead to the disk; the JVM opens and closes its own at any time. */
  private long descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(this::leadsToDisk).count();
    }
  }

  private boolean leadsToDisk(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(disk);
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  @Tag("W2")
  void aDiskWithoutRoomKeepsTheOldFile() throws Exception {
    mount("size=16m");
    Path target = safe("target");
    Files.write(target, OLD);
    for (int i = 0; i < TIMES; i++) {
      assertThatThrownBy(() -> Files.write(target, NEW)).isInstanceOf(IOException.class);
      assertThat(Files.size(disk.resolve("target"))).isEqualTo(OLD.length);
    }
    assertThat(Files.readAllBytes(disk.resolve("target"))).isEqualTo(OLD);
    assertThat(names()).isEqualTo(1);
    assertThat(descriptors()).isZero();
    // control: the JDK has emptied the file before it finds out
    assertThatThrownBy(() -> Files.write(disk.resolve("target"), new byte[20 << 20]))
        .isInstanceOf(IOException.class);
    assertThat(Files.readAllBytes(disk.resolve("target"))).isNotEqualTo(OLD);
  }

  /** The kernel takes what there is room for, and fails when it is given the rest. */
  @Test
  @Tag("W2")
  void aWriteThatTheDiskTakesAPartOfKeepsTheOldFile() throws Exception {
    mount("size=16m");
    Path target = safe("target");
    Files.write(target, OLD);
    List<Write> writes =
        List.of(
            FileChannel::write,
            (channel, content) -> channel.write(content, 0),
            (channel, content) ->
                channel.write(new ByteBuffer[] {ByteBuffer.allocate(1), content}));
    for (Write write : writes) {
      FileChannel channel =
          FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
      assertThatThrownBy(() -> write.to(channel, ByteBuffer.wrap(NEW)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(channel::close).isInstanceOf(FileSystemException.class);
      assertThat(Files.readAllBytes(disk.resolve("target"))).isEqualTo(OLD);
    }
    assertThat(names()).isEqualTo(1);
    // control: the JDK tells by a number
    try (FileChannel channel =
        FileChannel.open(
            disk.resolve("other"), StandardOpenOption.WRITE, StandardOpenOption.CREATE)) {
      assertThat(channel.write(ByteBuffer.wrap(NEW))).isBetween(1, NEW.length - 1);
    }
  }

  @Test
  @Tag("W2")
  void anAsynchronousWriteThatTheDiskTakesAPartOfKeepsTheOldFile() throws Exception {
    mount("size=16m");
    Path target = safe("target");
    Files.write(target, OLD);
    AsynchronousFileChannel channel =
        AsynchronousFileChannel.open(
            target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    Throwable failure = catchThrowable(() -> channel.write(ByteBuffer.wrap(NEW), 0).get());
    Throwable atClose = catchThrowable(channel::close);
    assertThat(failure).hasCauseInstanceOf(IOException.class);
    assertThat(atClose).isInstanceOf(FileSystemException.class);
    assertThat(Files.readAllBytes(disk.resolve("target"))).isEqualTo(OLD);
    assertThat(names()).isEqualTo(1);
  }

  /** As by a program that fetches something by one transfer. */
  @Test
  @Tag("W2")
  void aTransferThatTheDiskTakesAPartOfKeepsTheOldFile(@TempDir Path elsewhere) throws Exception {
    mount("size=16m");
    Path target = safe("target");
    Files.write(target, OLD);
    Path source = Files.write(elsewhere.resolve("source"), NEW);
    for (String kind : List.of("file", "stream", "pending")) {
      FileChannel channel =
          FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
      assertThatThrownBy(() -> transfer(kind, source, channel)).isInstanceOf(IOException.class);
      assertThatThrownBy(channel::close).as(kind).isInstanceOf(FileSystemException.class);
      assertThat(Files.readAllBytes(disk.resolve("target"))).isEqualTo(OLD);
    }
    assertThat(names()).isEqualTo(1);
    // control: the JDK tells by a number
    try (FileChannel channel =
            FileChannel.open(
                disk.resolve("other"), StandardOpenOption.WRITE, StandardOpenOption.CREATE);
        FileChannel from = FileChannel.open(source)) {
      assertThat(channel.transferFrom(from, 0, NEW.length)).isBetween(1L, NEW.length - 1L);
    }
  }

  private static void transfer(String kind, Path source, FileChannel target) throws IOException {
    switch (kind) {
      case "file" -> {
        try (FileChannel from = FileChannel.open(source)) {
          target.transferFrom(from, 0, Long.MAX_VALUE);
        }
      }
      case "stream" ->
          target.transferFrom(
              Channels.newChannel(new ByteArrayInputStream(NEW)), 0, Long.MAX_VALUE);
      default -> {
        Path pending =
            Path.of(URI.create("safe://" + source.resolveSibling("p").toUri().getRawPath()));
        try (FileChannel from =
            FileChannel.open(
                pending,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
          from.write(ByteBuffer.wrap(NEW));
          from.transferTo(0, Long.MAX_VALUE, target);
        }
      }
    }
  }

  /** One call that a program makes, and does not look at what it returns. */
  private interface Write {
    void to(FileChannel channel, ByteBuffer content) throws IOException;
  }

  @Test
  @Tag("W2")
  void aDiskWithoutInodesKeepsTheOldFile() throws Exception {
    mount("size=16m,nr_inodes=2");
    Path target = safe("target");
    Files.write(disk.resolve("target"), OLD);
    for (int i = 0; i < TIMES; i++) {
      assertThatThrownBy(() -> Files.write(target, new byte[1])).isInstanceOf(IOException.class);
    }
    assertThat(Files.readAllBytes(disk.resolve("target"))).isEqualTo(OLD);
    assertThat(names()).isEqualTo(1);
    assertThat(descriptors()).isZero();
  }
}
