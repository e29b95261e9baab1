package dev.safefs.portable;

import static dev.safefs.portable.Bench.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.CopyMonitor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(Ground.class)
class FileTest extends OnGround {
  /** After which a file is younger than the one before, where that is what tells. */
  private static final long TICKS_NANOSECONDS = 15_000_000;

  private Dir dir;

  FileTest(Ground ground) {
    super(ground);
  }

  @BeforeEach
  void open() throws IOException {
    dir = bench.dir();
    bench.file("a", "content");
  }

  @AfterEach
  void close() throws IOException {
    dir.close();
  }

  private FileHandle find(String name) throws IOException {
    return dir.find(name(name)).orElseThrow();
  }

  @Test
  void aChannelReadsAndWrites() throws IOException {
    try (FileHandle file = find("a");
        FileChannel channel =
            file.channel(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
      ByteBuffer buffer = ByteBuffer.allocate(7);
      channel.read(buffer);
      assertThat(buffer.array()).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
      channel.write(ByteBuffer.wrap(new byte[] {'X'}), 0);
    }
    assertThat(bench.content("a")).isEqualTo("Xontent");
  }

  @Test
  void anAsynchronousChannelReads() throws Exception {
    try (FileHandle file = find("a");
        AsynchronousFileChannel channel =
            file.asynchronousChannel(Set.of(StandardOpenOption.READ), Optional.empty())) {
      assertThat(channel.size()).isEqualTo(7);
    }
  }

  @Test
  @Tag("C1")
  void aSymbolicLinkHasNoContent() throws IOException {
    bench.link("l", "a");
    try (FileHandle link = find("l")) {
      assertThat(link.readLink()).isEqualTo("a");
      assertThatThrownBy(() -> link.channel(Set.of(StandardOpenOption.READ)))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> link.reopen(Access.READ)).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> link.setMode(0600)).isInstanceOf(FileSystemException.class);
    }
    try (FileHandle file = find("a")) {
      assertThatThrownBy(file::readLink).isInstanceOf(NotLinkException.class);
    }
  }

  @Test
  void contentIsCopiedWithProgress() throws IOException {
    List<Long> progress = new ArrayList<>();
    CopyMonitor monitor = (done, total) -> progress.add(done);
    try (FileHandle found = find("a");
        FileHandle source = found.reopen(Access.READ);
        FileHandle target = dir.create(name("b"), 0600).orElseThrow()) {
      source.copyContentTo(target, monitor);
      target.sync(SyncScope.CONTENT);
      target.sync(SyncScope.CONTENT_AND_ATTRIBUTES);
    }
    assertThat(bench.content("b")).isEqualTo("content");
    assertThat(progress).containsExactly(7L);
  }

  @Test
  void theSizeIsSet() throws IOException {
    try (FileHandle found = find("a");
        FileHandle file = found.reopen(Access.READ_WRITE)) {
      file.truncate(3);
      assertThat(bench.content("a")).isEqualTo("con");
      file.truncate(5);
      assertThat(bench.content("a")).isEqualTo("con\0\0");
    }
  }

  @Test
  void aHandleForResolutionServesNoContent() throws IOException {
    try (FileHandle file = find("a")) {
      assertThatThrownBy(() -> file.sync(SyncScope.CONTENT))
          .isInstanceOf(FileSystemException.class);
      assertThat(file.tryLock()).isEmpty();
    }
  }

  @Test
  void timesAreSet() throws IOException {
    Instant modified = Instant.ofEpochSecond(1_000_000, 123_456_000);
    try (FileHandle file = find("a")) {
      file.setTimes(Instant.ofEpochSecond(5), modified);
      assertThat(file.stat().modified()).isEqualTo(modified);
    }
  }

  @Test
  void theModeIsSetWhereThereAreModes() throws IOException {
    try (FileHandle file = find("a")) {
      file.setMode(0640);
      if (Ground.has(root.getFileSystem(), "posix")) {
        assertThat(file.stat().mode()).isEqualTo(0640);
        assertThat(Files.getPosixFilePermissions(bench.path("a")))
            .isEqualTo(PosixFilePermissions.fromString("rw-r-----"));
      }
      file.setMode(0400);
      assertThat(file.stat().mode() & 0200).isEqualTo(hasModes() ? 0 : 0200);
      file.setMode(0600);
    }
  }

  private boolean hasModes() {
    return Ground.has(root.getFileSystem(), "posix") || Ground.has(root.getFileSystem(), "dos");
  }

  @Test
  void theOwnerIsSetToOneThatWasSeen() throws IOException {
    try (FileHandle file = find("a")) {
      Stat stat = file.stat();
      if (stat.owner() != -1) {
        file.setOwner(stat.owner(), stat.group());
        assertThat(file.stat().owner()).isEqualTo(stat.owner());
      }
      int unknown = 1_999_999_999;
      if (root.getFileSystem().provider().getScheme().equals("jimfs")) {
        assertThatThrownBy(() -> file.setOwner(unknown, -1))
            .isInstanceOf(FileSystemException.class);
      }
      file.setOwner(-1, -1);
    }
  }

  @Test
  @Tag("A1")
  void viewsReadAndSetAttributes() throws IOException {
    try (FileHandle file = find("a")) {
      BasicFileAttributeView basic = file.view(BasicFileAttributeView.class).orElseThrow();
      assertThat(basic.readAttributes().size()).isEqualTo(7);
      basic.setTimes(FileTime.fromMillis(5_000), null, null);
      assertThat(file.stat().modified()).isEqualTo(Instant.ofEpochSecond(5));
      boolean posix = Ground.has(root.getFileSystem(), "posix");
      assertThat(file.view(PosixFileAttributeView.class).isPresent()).isEqualTo(posix);
      assertThat(basic).hasToString("BasicFileAttributeView");
      assertThat(basic.hashCode()).isEqualTo(System.identityHashCode(basic));
    }
  }

  @Test
  @Tag("A1")
  void attributesAreReadAndSetByName() throws IOException {
    try (FileHandle file = find("a")) {
      assertThat(file.readAttributes("size,isRegularFile"))
          .containsEntry("size", 7L)
          .containsEntry("isRegularFile", true);
      file.setAttribute("lastModifiedTime", FileTime.fromMillis(7_000));
      assertThat(file.readAttributes("basic:lastModifiedTime"))
          .containsValue(FileTime.fromMillis(7_000));
      assertThatThrownBy(() -> file.readAttributes("nothing:*"))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> file.setAttribute("nothing:x", 1))
          .isInstanceOf(UnsupportedOperationException.class);
    }
  }

  @Test
  @Tag("W4")
  void userAttributesAreCarriedOver() throws IOException {
    bench.file("b", "B");
    try (FileHandle source = find("a");
        FileHandle target = find("b")) {
      if (source.fileStore().supportsFileAttributeView(UserDefinedFileAttributeView.class)) {
        UserDefinedFileAttributeView from =
            source.view(UserDefinedFileAttributeView.class).orElseThrow();
        UserDefinedFileAttributeView to =
            target.view(UserDefinedFileAttributeView.class).orElseThrow();
        from.write("kept", ByteBuffer.wrap(new byte[] {1, 2}));
        to.write("surplus", ByteBuffer.wrap(new byte[] {3}));
        source.copyExtendedAttributesTo(target);
        assertThat(to.list()).containsExactly("kept");
        assertThat(to.size("kept")).isEqualTo(2);
      } else {
        source.copyExtendedAttributesTo(target);
      }
    }
  }

  @Test
  void accessIsChecked() throws IOException {
    try (FileHandle file = find("a")) {
      file.checkAccess();
      file.checkAccess(AccessMode.READ, AccessMode.WRITE);
      Files.delete(bench.path("a"));
      assertThatThrownBy(file::checkAccess).isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void theStoreIsTheDelegates() throws IOException {
    bench.link("dangling", "nowhere");
    try (FileHandle file = find("a");
        FileHandle link = find("dangling")) {
      assertThat(file.fileStore()).isEqualTo(Files.getFileStore(bench.path("a")));
      assertThat(link.fileStore()).isEqualTo(file.fileStore());
    }
  }

  @Test
  void aDirectoryIsWatchedWhereTheDelegateCan() throws IOException {
    bench.directory("d");
    WatchService service;
    try {
      service = root.getFileSystem().newWatchService();
    } catch (UnsupportedOperationException e) {
      return;
    }
    try (service;
        FileHandle file = find("d")) {
      WatchEvent.Kind<?>[] kinds = {StandardWatchEventKinds.ENTRY_CREATE};
      assertThat(file.register(service, kinds).isValid()).isTrue();
    }
  }

  @Test
  void aDirectoryIsReopenedForSyncing() throws IOException {
    bench.directory("d");
    try (FileHandle found = find("d");
        FileHandle directory = found.reopen(Access.READ)) {
      assertThat(directory.stat().type()).isEqualTo(FileType.DIRECTORY);
      assertThatThrownBy(() -> found.reopen(Access.WRITE)).isInstanceOf(FileSystemException.class);
    }
  }

  @Test
  @Tag("A1")
  void anotherFileUnderTheNameIsNotTouched() throws IOException {
    try (FileHandle file = find("a")) {
      Files.move(bench.path("a"), bench.path("away"));
      LockSupport.parkNanos(TICKS_NANOSECONDS);
      bench.file("a", "other");
      assertThatThrownBy(
              () ->
                  file.channel(
                      Set.of(StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> file.setTimes(Instant.EPOCH, Instant.EPOCH))
          .isInstanceOf(NoSuchFileException.class);
      assertThat(file.stat().linkCount()).isZero();
    }
    assertThat(bench.content("a")).isEqualTo("other");
  }

  @Test
  @Tag("L3")
  void anExchangeWhileItIsUsedIsDetected() throws IOException {
    try (DelegateFile file = (DelegateFile) find("a")) {
      assertThatThrownBy(
              () ->
                  file.at(
                      where -> {
                        Files.move(bench.path("a"), bench.path("away"));
                        LockSupport.parkNanos(TICKS_NANOSECONDS);
                        bench.file("a", "other");
                        return where;
                      }))
          .isInstanceOf(RaceDetectedException.class);
    }
  }

  @Test
  @Tag("R4")
  void failuresShowTheUsersPath() throws IOException {
    try (FileHandle file = find("a")) {
      Files.delete(bench.path("a"));
      assertThatThrownBy(() -> file.channel(Set.of(StandardOpenOption.READ)))
          .isInstanceOfSatisfying(
              NoSuchFileException.class, e -> assertThat(e.getFile()).isEqualTo("/a"));
    }
  }
}
