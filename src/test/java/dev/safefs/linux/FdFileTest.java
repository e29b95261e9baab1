package dev.safefs.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Requirement;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.SyncScope;
import dev.safefs.request.Access;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Abi;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(30)
class FdFileTest {
  private static final Instant SOME_TIME = Instant.parse("2001-02-03T04:05:06.123456789Z");

  @TempDir Path temp;
  private Path file;

  @BeforeEach
  void plantFile() throws IOException {
    file = Files.writeString(temp.resolve("file"), "content");
  }

  private FileHandle over(Syscalls sys, Path path) throws IOException {
    return Machine.engine(sys).ambient().open(Machine.route(path), LinkMode.NOFOLLOW);
  }

  private static Syscalls denying(int errno, String... calls) {
    return new DenyingSyscalls(Machine.kernel()).deny(errno, calls).syscalls();
  }

  @Test
  void aChannelIsOnTheObjectWhereverItsNameIs() throws IOException {
    try (FileHandle handle = Machine.handle(file)) {
      Files.move(file, temp.resolve("moved"));
      Files.writeString(file, "other");
      try (FileChannel channel =
          handle.channel(Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
        ByteBuffer content = ByteBuffer.allocate(20);
        assertThat(channel.read(content)).isEqualTo(7);
        channel.write(ByteBuffer.wrap("CON".getBytes(UTF_8)), 0);
        channel.map(FileChannel.MapMode.READ_ONLY, 0, 3);
        channel.lock().release();
      }
    }
    assertThat(temp.resolve("moved")).hasContent("CONtent");
    assertThat(file).hasContent("other");
  }

  @Test
  void anAsynchronousChannelIsOnTheObject() throws Exception {
    try (FileHandle handle = Machine.handle(file);
        AsynchronousFileChannel channel =
            handle.asynchronousChannel(Set.of(StandardOpenOption.READ), Optional.empty())) {
      assertThat(channel.read(ByteBuffer.allocate(20), 0).get(10, TimeUnit.SECONDS)).isEqualTo(7);
    }
  }

  @Test
  void aChannelOutlivesItsHandle() throws IOException {
    FileHandle handle = Machine.handle(file);
    try (FileChannel channel = handle.channel(Set.of(StandardOpenOption.READ))) {
      handle.close();
      assertThat(channel.size()).isEqualTo(7);
    }
  }

  @Test
  @Tag("R4")
  void theDelegatesExceptionsShowTheUsersPath() throws IOException {
    Files.createSymbolicLink(temp.resolve("l"), file);
    try (FileHandle dir = Machine.handle(temp);
        FileHandle link = Machine.handle(temp.resolve("l"))) {
      assertThatThrownBy(() -> dir.channel(Set.of(StandardOpenOption.WRITE)))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage(temp + ": Is a directory");
      assertThatThrownBy(() -> link.channel(Set.of(StandardOpenOption.READ)))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageStartingWith(temp.resolve("l").toString())
          .hasMessageNotContaining("/proc");
    }
  }

  @Test
  @Tag("K4")
  void withoutProcfsReopeningIsUnavailableByName() throws IOException {
    try (FileHandle handle = over(Machine.withoutProcfs(), file)) {
      assertThatThrownBy(() -> handle.channel(Set.of(StandardOpenOption.READ)))
          .isInstanceOf(GuaranteeUnavailableException.class)
          .hasMessageContaining("H1: procfs");
      assertThatThrownBy(() -> handle.reopen(Access.READ))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(handle.stat().sizeBytes()).isEqualTo(7);
    }
  }

  @Test
  @Tag("R6")
  void reopeningAFifoDoesNotHang() throws IOException {
    try (FileHandle handle = Machine.handle(Machine.fifo(temp.resolve("fifo")))) {
      assertThatThrownBy(() -> handle.reopen(Access.WRITE)).hasMessageContaining("ENXIO");
      handle.reopen(Access.READ).close();
    }
  }

  @Test
  void aLinkIsNotReopened() throws IOException {
    Files.createSymbolicLink(temp.resolve("l"), file);
    try (FileHandle link = Machine.handle(temp.resolve("l"))) {
      assertThatThrownBy(() -> link.reopen(Access.READ)).hasMessageContaining("ELOOP");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Errno.ENOSYS, Errno.EPERM})
  @Tag("A1")
  @Tag("K4")
  void theModeIsSetOnTheObject(int denied) throws IOException {
    Syscalls sys = denied == 0 ? Machine.kernel() : denying(denied, "fchmodat2");
    try (FileHandle handle = over(sys, file)) {
      handle.setMode(06751);
      assertThat(handle.stat().mode()).isEqualTo(06751);
    }
    try (FileHandle path = Machine.handle(file);
        FileHandle handle = path.reopen(Access.READ)) {
      handle.setMode(0600);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  @Tag("A1")
  void theModeOfALinkIsNotSetOnItsTarget() throws IOException {
    Files.createSymbolicLink(temp.resolve("l"), file);
    int before = (Integer) Files.getAttribute(file, "unix:mode");
    try (FileHandle link = Machine.handle(temp.resolve("l"))) {
      assertThatThrownBy(() -> link.setMode(0777)).hasMessageContaining("fchmod: EOPNOTSUPP");
    }
    assertThat(Files.getAttribute(file, "unix:mode")).isEqualTo(before);
  }

  @Test
  void theOwnerIsSetOnTheObjectALinkIncluded() throws IOException {
    Requirement.present(Machine.isRoot(), "root");
    Files.createSymbolicLink(temp.resolve("l"), file);
    try (FileHandle link = Machine.handle(temp.resolve("l"))) {
      link.setOwner(1234, -1);
      assertThat(link.stat().owner()).isEqualTo(1234);
    }
    assertThat(Files.getAttribute(file, "unix:uid")).isNotEqualTo(1234);
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "link", "fifo", "directory"})
  @Tag("A1")
  void timesAreSetInNanosecondsWithoutOpening(String kind) throws IOException {
    Files.createSymbolicLink(temp.resolve("link"), Path.of("nowhere"));
    Machine.fifo(temp.resolve("fifo"));
    Files.createDirectory(temp.resolve("directory"));
    try (FileHandle handle = Machine.handle(temp.resolve(kind))) {
      handle.setTimes(SOME_TIME, SOME_TIME.plusNanos(1));
      assertThat(handle.stat().accessed()).isEqualTo(SOME_TIME);
      assertThat(handle.stat().modified()).isEqualTo(SOME_TIME.plusNanos(1));
    }
  }

  @Test
  @Tag("K4")
  void timesAreSetByPathWhereTheDescriptorMayNot() throws IOException {
    Syscalls before58 =
        Machine.failing(Errno.EINVAL, "utimensat", args -> args[3].equals(Abi.AT_EMPTY_PATH));
    TracingSyscalls trace = new TracingSyscalls(before58);
    Files.createSymbolicLink(temp.resolve("l"), file);
    try (FileHandle link = over(trace.syscalls(), temp.resolve("l"))) {
      link.setTimes(SOME_TIME, SOME_TIME);
      assertThat(link.stat().modified()).isEqualTo(SOME_TIME);
    }
    assertThat(trace.count("utimensat")).isEqualTo(2);
    assertThat(Files.getLastModifiedTime(file).toInstant()).isNotEqualTo(SOME_TIME);
  }

  @Test
  void timesBeforeTheEpochAreKept() throws IOException {
    Instant early = Instant.ofEpochSecond(-5, 999_999_999);
    try (FileHandle handle = Machine.handle(file)) {
      handle.setTimes(early, early);
      assertThat(handle.stat().modified()).isEqualTo(early);
    }
    assertThat(Files.getLastModifiedTime(file).toInstant()).isEqualTo(early);
  }

  /** A server may answer any number of seconds, and the kernel passes it on. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MAX_VALUE, Long.MIN_VALUE})
  @Tag("K3")
  void aTimeOutOfAllRangeIsTheNearest(long seconds) {
    int modified = 112;
    byte[] statx = new byte[Structs.STATX_SIZE_BYTES];
    ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder()).putLong(modified, seconds);
    assertThat(StatxReader.stat(statx).modified())
        .isEqualTo(seconds < 0 ? Instant.MIN : Instant.MAX);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, Errno.ENOSYS, Errno.EPERM, Errno.EINVAL})
  @Tag("K4")
  void accessIsCheckedOnTheObject(int denied) throws IOException {
    Syscalls sys = denied == 0 ? Machine.kernel() : denying(denied, "faccessat2");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (FileHandle handle = over(sys, file)) {
      handle.checkAccess();
      handle.checkAccess(AccessMode.READ, AccessMode.WRITE);
      assertThatThrownBy(() -> handle.checkAccess(AccessMode.EXECUTE))
          .isExactlyInstanceOf(AccessDeniedException.class)
          .hasMessage(file.toString());
    }
  }

  @ParameterizedTest
  @EnumSource(SyncScope.class)
  void contentIsSynced(SyncScope scope) throws IOException {
    try (FileHandle path = Machine.handle(file);
        FileHandle handle = path.reopen(Access.WRITE)) {
      handle.sync(scope);
      assertThatThrownBy(() -> path.sync(scope)).hasMessageContaining("EBADF");
    }
  }

  @Test
  @Tag("K3")
  void aFailedSyncIsNotRepeated() throws IOException {
    TracingSyscalls trace = new TracingSyscalls(denying(Errno.EINTR, "fsync"));
    try (FileHandle path = over(trace.syscalls(), file);
        FileHandle handle = path.reopen(Access.WRITE)) {
      assertThatThrownBy(() -> handle.sync(SyncScope.CONTENT_AND_ATTRIBUTES))
          .hasMessageContaining("fsync: EINTR");
    }
    assertThat(trace.count("fsync")).isEqualTo(1);
  }

  @Test
  void onlyALinkIsRead() throws IOException {
    String target = "t/".repeat(2000) + "t";
    Files.createSymbolicLink(temp.resolve("l"), Path.of(target));
    try (FileHandle link = Machine.handle(temp.resolve("l"));
        FileHandle other = Machine.handle(file)) {
      assertThat(link.readLink()).isEqualTo(target);
      assertThatThrownBy(other::readLink).isInstanceOf(NotLinkException.class);
    }
  }

  @Test
  void theStoreIsTheDelegates() throws IOException {
    try (FileHandle handle = Machine.handle(file)) {
      assertThat(handle.fileStore()).isEqualTo(Files.getFileStore(file));
    }
  }

  @Test
  void aDirectoryIsWatchedItself() throws Exception {
    Path dir = Files.createDirectory(temp.resolve("d"));
    WatchEvent.Kind<?>[] kinds = {StandardWatchEventKinds.ENTRY_CREATE};
    try (WatchService service = FileSystems.getDefault().newWatchService();
        FileHandle handle = Machine.handle(dir)) {
      Files.move(dir, temp.resolve("e"));
      handle.register(service, kinds);
      Files.createFile(temp.resolve("e/new"));
      WatchKey key = service.poll(10, TimeUnit.SECONDS);
      assertThat(key.pollEvents())
          .extracting(event -> (Object) event.context())
          .containsExactly(Path.of("new"));
    }
  }

  @Test
  @Tag("T2")
  void oneHandleAtATimeMarksAnObjectAsInUse() throws IOException {
    for (Path object : new Path[] {file, temp}) {
      try (FileHandle path = Machine.handle(object);
          FileHandle first = path.reopen(Access.READ);
          FileHandle second = path.reopen(Access.READ)) {
        Closeable mark = first.tryLock().orElseThrow();
        assertThat(second.tryLock()).isEmpty();
        mark.close();
        assertThat(second.tryLock()).isPresent();
        assertThat(first.tryLock()).isEmpty();
      }
    }
  }

  @Test
  void attributesAreTheDelegates() throws IOException {
    try (FileHandle handle = Machine.handle(file)) {
      assertThat(handle.readAttributes("unix:ino,uid,fileKey"))
          .isEqualTo(Files.readAttributes(file, "unix:ino,uid,fileKey"));
      assertThat(handle.readAttributes("posix:*").keySet())
          .isEqualTo(Files.readAttributes(file, "posix:*", LinkOption.NOFOLLOW_LINKS).keySet());
      assertThatThrownBy(() -> handle.readAttributes("nonsense:*"))
          .isInstanceOf(UnsupportedOperationException.class);
      assertThatThrownBy(() -> handle.readAttributes("basic:nonsense"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
