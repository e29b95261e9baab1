package dev.safefs.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.handle.FileHandle;
import dev.safefs.portable.FilteringProvider;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.AclFileAttributeView;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.DosFileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
@Timeout(30)
@Tag("A1")
class HandleViewsTest {
  private static final FileTime SOME_TIME =
      FileTime.from(Instant.parse("2001-02-03T04:05:06.123456789Z"));

  @TempDir Path temp;
  private Path file;
  private FileHandle handle;

  @BeforeEach
  void openFile() throws IOException {
    file = Files.createFile(temp.resolve("file"));
    handle = Machine.handle(file);
  }

  @AfterEach
  void closeFile() throws IOException {
    handle.close();
  }

  private UserDefinedFileAttributeView user() {
    return handle.view(UserDefinedFileAttributeView.class).orElseThrow();
  }

  @Test
  void viewsHaveTheirNames() {
    assertThat(handle.view(BasicFileAttributeView.class).orElseThrow().name()).isEqualTo("basic");
    assertThat(handle.view(PosixFileAttributeView.class).orElseThrow().name()).isEqualTo("posix");
    assertThat(handle.view(FileOwnerAttributeView.class).orElseThrow().name()).isEqualTo("owner");
    assertThat(handle.view(DosFileAttributeView.class).orElseThrow().name()).isEqualTo("dos");
    assertThat(user().name()).isEqualTo("user");
    assertThat(handle.view(AclFileAttributeView.class)).isEmpty();
  }

  @Test
  void timesThatAreNotGivenAreKept() throws IOException {
    FileTime accessed =
        Files.readAttributes(file, "lastAccessTime").values().stream()
            .map(FileTime.class::cast)
            .findAny()
            .orElseThrow();
    BasicFileAttributeView view = handle.view(BasicFileAttributeView.class).orElseThrow();

    view.setTimes(null, null, null);
    view.setTimes(SOME_TIME, null, null);

    assertThat(view.readAttributes().lastModifiedTime()).isEqualTo(SOME_TIME);
    assertThat(view.readAttributes().lastAccessTime()).isEqualTo(accessed);
  }

  @Test
  void permissionsAndOwnersAreSet() throws IOException {
    PosixFileAttributeView view = handle.view(PosixFileAttributeView.class).orElseThrow();

    view.setPermissions(PosixFilePermissions.fromString("r-x--x---"));
    view.setOwner(view.getOwner());
    view.setGroup(view.readAttributes().group());

    assertThat(PosixFilePermissions.toString(view.readAttributes().permissions()))
        .isEqualTo("r-x--x---");
    assertThat(handle.view(FileOwnerAttributeView.class).orElseThrow().getOwner())
        .isEqualTo(Files.getOwner(file));
  }

  @Test
  void attributesAreSetByName() throws IOException {
    handle.setAttribute("lastModifiedTime", SOME_TIME);
    handle.setAttribute("posix:lastAccessTime", SOME_TIME);
    handle.setAttribute("basic:creationTime", SOME_TIME);
    handle.setAttribute("posix:permissions", PosixFilePermissions.fromString("rw-------"));
    handle.setAttribute("user:a", ByteBuffer.wrap("b".getBytes(UTF_8)));

    assertThat(Files.getLastModifiedTime(file)).isEqualTo(SOME_TIME);
    assertThat(Files.getAttribute(file, "lastAccessTime")).isEqualTo(SOME_TIME);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat((byte[]) Files.getAttribute(file, "user:a")).asString().isEqualTo("b");
    assertThatThrownBy(() -> handle.setAttribute("owner:lastAccessTime", SOME_TIME))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> handle.setAttribute("nonsense:a", 1))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void userAttributesAreWrittenAndRead() throws IOException {
    byte[] large = new byte[2000];
    user().write("small", ByteBuffer.wrap("value".getBytes(UTF_8)));
    user().write("large", ByteBuffer.wrap(large));
    user().write("empty", ByteBuffer.allocate(0));

    assertThat(user().list()).containsExactlyInAnyOrder("small", "large", "empty");
    assertThat(user().size("large")).isEqualTo(2000);
    ByteBuffer into = ByteBuffer.allocateDirect(10);
    assertThat(user().read("small", into)).isEqualTo(5);
    assertThat(into.position()).isEqualTo(5);
    Map<String, Object> all = handle.readAttributes("user:*");
    assertThat(all).containsOnlyKeys("small", "large", "empty");
    assertThat((byte[]) all.get("large")).isEqualTo(large);
    user().delete("small");
    assertThat(Files.getFileAttributeView(file, UserDefinedFileAttributeView.class).list())
        .containsExactlyInAnyOrder("large", "empty");
  }

  @Test
  void userAttributesFailAsTheJdksDo() throws IOException {
    UserDefinedFileAttributeView jdk =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    user().write("a", ByteBuffer.wrap("value".getBytes(UTF_8)));

    for (UserDefinedFileAttributeView view : new UserDefinedFileAttributeView[] {user(), jdk}) {
      assertThatThrownBy(() -> view.read("a", ByteBuffer.allocate(2)))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageEndingWith(
              "Error reading extended attribute 'a': Insufficient space in buffer");
      assertThatThrownBy(() -> view.read("a", ByteBuffer.allocate(0)))
          .hasMessageEndingWith("Insufficient space in buffer");
      assertThatThrownBy(() -> view.read("a", ByteBuffer.allocate(9).asReadOnlyBuffer()))
          .isExactlyInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> view.size("none"))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageContaining("Unable to get size of extended attribute 'none': ");
      assertThatThrownBy(() -> view.delete("none"))
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessageContaining("Unable to delete extended attribute 'none': ");
      assertThatThrownBy(() -> view.size("n".repeat(300))).hasMessageEndingWith("is too big");
    }
  }

  @Test
  @Tag("R6")
  void noViewOpensAFifo() throws IOException {
    try (FileHandle fifo = Machine.handle(Machine.fifo(temp.resolve("fifo")))) {
      fifo.view(BasicFileAttributeView.class).orElseThrow().setTimes(SOME_TIME, SOME_TIME, null);
      fifo.view(PosixFileAttributeView.class).orElseThrow().readAttributes();
      assertThat(fifo.view(UserDefinedFileAttributeView.class).orElseThrow().list()).isEmpty();
      assertThatThrownBy(() -> fifo.view(DosFileAttributeView.class).orElseThrow().readAttributes())
          .hasMessageContaining("DOS");
      assertThatThrownBy(() -> fifo.readAttributes("dos:*")).hasMessageContaining("DOS");
      fifo.setAttribute("unix:mode", 0640);
      assertThat(fifo.stat().mode()).isEqualTo(0640);
    }
  }

  /** Opens the file on an engine whose delegate can read no attributes. */
  private FileHandle behind(Syscalls sys) throws IOException {
    FileSystem jdk = file.getFileSystem();
    FilteringProvider broken =
        new FilteringProvider(
            jdk.provider(),
            call -> {
              if (call.endsWith("readAttributes") || call.endsWith("getFileStore")) {
                throw new FileSystemException("/proc/self/fd/0", null, "broken");
              }
            });
    return new LinuxEngine(sys, broken, jdk).ambient().open(Machine.route(file), LinkMode.NOFOLLOW);
  }

  @Test
  void aFailureThatHasNothingToDoWithStatxIsShown() throws IOException {
    try (FileHandle broken = behind(Machine.kernel())) {
      PosixFileAttributeView view = broken.view(PosixFileAttributeView.class).orElseThrow();

      assertThatThrownBy(view::readAttributes)
          .isExactlyInstanceOf(FileSystemException.class)
          .hasMessage(file + ": broken");
      assertThatThrownBy(() -> broken.readAttributes("unix:*")).hasMessage(file + ": broken");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
  @Tag("K4")
  void whereStatxIsDeniedTheDescriptorTells(int errno) throws IOException {
    Syscalls denying = new DenyingSyscalls(Machine.kernel()).deny(errno, "statx").syscalls();
    try (FileHandle denied = behind(denying)) {
      PosixFileAttributeView view = denied.view(PosixFileAttributeView.class).orElseThrow();

      assertThat(view.readAttributes().permissions())
          .isEqualTo(Files.getPosixFilePermissions(file));
      assertThat(denied.readAttributes("unix:ino"))
          .containsEntry("ino", Files.getAttribute(file, "unix:ino"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
  @Tag("K4")
  void whereStatxIsDeniedDosAttributesAreStillThose(int errno) throws IOException {
    Syscalls denying = new DenyingSyscalls(Machine.kernel()).deny(errno, "statx").syscalls();
    try (FileHandle denied = behind(denying)) {
      DosFileAttributeView view = denied.view(DosFileAttributeView.class).orElseThrow();
      assertThat(view.readAttributes().isHidden()).isFalse();

      view.setHidden(true);
      denied.setAttribute("dos:archive", true);

      assertThat(view.readAttributes().isHidden()).isTrue();
      Map<String, Object> expected = new HashMap<>(Files.readAttributes(file, "dos:*"));
      Map<String, Object> seen = new HashMap<>(denied.readAttributes("dos:*"));
      assertThat(seen.keySet()).isEqualTo(expected.keySet());
      for (String name : List.of("readonly", "hidden", "system", "archive", "size")) {
        assertThat(seen.get(name)).as(name).isEqualTo(expected.get(name));
      }
      Files.setAttribute(file, "user:DOSATTRIB", "no number".getBytes(UTF_8));
      assertThatThrownBy(view::readAttributes).isInstanceOf(FileSystemException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
  @Tag("K4")
  void whereStatxIsDeniedTheStoreIsTheSame(int errno) throws IOException {
    Syscalls denying = new DenyingSyscalls(Machine.kernel()).deny(errno, "statx").syscalls();
    FileStore expected = Files.getFileStore(file);
    try (FileHandle denied = behind(denying)) {
      FileStore seen = denied.fileStore();

      assertThat(seen.type()).isEqualTo(expected.type());
      assertThat(seen.isReadOnly()).isEqualTo(expected.isReadOnly());
      assertThat(seen.getBlockSize()).isEqualTo(expected.getBlockSize());
      assertThat(seen.getAttribute("totalSpace")).isEqualTo(expected.getTotalSpace());
      assertThat(seen.getUnallocatedSpace()).isBetween(1L, expected.getTotalSpace());
      assertThat(seen.getUsableSpace()).isBetween(1L, expected.getTotalSpace());
      for (String view : List.of("basic", "posix", "owner", "unix", "user", "dos", "acl", "no")) {
        assertThat(seen.supportsFileAttributeView(view))
            .as(view)
            .isEqualTo(expected.supportsFileAttributeView(view));
      }
      assertThat(seen).isEqualTo(denied.fileStore()).hasSameHashCodeAs(denied.fileStore());
      assertThatThrownBy(() -> seen.getAttribute("no"))
          .isInstanceOf(UnsupportedOperationException.class);
    }
    // What the delegate cannot do for another reason, such as a path that is too long for it.
    try (FileHandle broken = behind(Machine.kernel())) {
      assertThat(broken.fileStore().type()).isEqualTo(expected.type());
      assertThat(broken.fileStore().getTotalSpace()).isEqualTo(expected.getTotalSpace());
    }
  }

  @Test
  void dosAttributesOfAFileAreTheDelegates() throws IOException {
    handle.view(DosFileAttributeView.class).orElseThrow().setHidden(true);

    assertThat(Files.getAttribute(file, "dos:hidden")).isEqualTo(true);
    assertThat(handle.readAttributes("dos:hidden")).containsEntry("hidden", true);
  }

  @Test
  void userAttributesOfAFileThatTheCallerMayNotReadAreDenied() throws IOException {
    Syscalls denying =
        new DenyingSyscalls(Machine.kernel())
            .deny(Errno.EACCES, "getxattr", "setxattr", "removexattr", "listxattr")
            .deny(Errno.EACCES, "fgetxattr", "fsetxattr", "fremovexattr", "flistxattr")
            .syscalls();
    try (FileHandle denied = behind(denying)) {
      UserDefinedFileAttributeView view =
          denied.view(UserDefinedFileAttributeView.class).orElseThrow();

      for (ThrowingCallable call :
          List.<ThrowingCallable>of(
              () -> view.size("name"),
              () -> view.read("name", ByteBuffer.allocate(8)),
              () -> view.write("name", ByteBuffer.allocate(8)),
              () -> view.delete("name"),
              view::list,
              () -> denied.readAttributes("user:name"))) {
        assertThatThrownBy(call).isInstanceOf(AccessDeniedException.class);
      }
    }
  }
}
