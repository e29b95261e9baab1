package dev.safefs.linux;

import static dev.safefs.linux.Machine.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.Requirement;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RemoveResult;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import dev.safefs.sys.Abi;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FdDirTest extends InFdDir {
  @Test
  void statTellsWhatTheJdkTells() throws IOException {
    write("a", "abc");

    Stat stat = dir.stat(name("a")).orElseThrow();

    Path file = temp.resolve("a");
    assertThat(stat.type()).isEqualTo(FileType.REGULAR);
    assertThat(stat.sizeBytes()).isEqualTo(3);
    assertThat(stat.identity().fileKey())
        .hasToString(String.valueOf(Files.getAttribute(file, "fileKey")));
    assertThat(stat.mode()).isEqualTo((Integer) Files.getAttribute(file, "unix:mode") & 07777);
    assertThat(stat.owner()).isEqualTo(Files.getAttribute(file, "unix:uid"));
    assertThat(stat.group()).isEqualTo(Files.getAttribute(file, "unix:gid"));
    assertThat(stat.modified()).isEqualTo(Files.getLastModifiedTime(file).toInstant());
    assertThat(stat.linkCount()).isEqualTo(1);
  }

  @Test
  void statDoesNotFollowALink() throws IOException {
    Files.createSymbolicLink(temp.resolve("l"), temp);

    assertThat(dir.stat(name("l")).orElseThrow().type()).isEqualTo(FileType.SYMLINK);
    assertThat(dir.stat(name("absent"))).isEmpty();
  }

  @Test
  void findOpensALinkItself() throws IOException {
    Files.createSymbolicLink(temp.resolve("l"), Path.of("nowhere"));

    try (FileHandle link = dir.find(name("l")).orElseThrow()) {
      assertThat(link.readLink()).isEqualTo("nowhere");
    }
    assertThat(dir.find(name("absent"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "link", "fifo"})
  void openDirRefusesAllElse(String kind) throws IOException {
    write("file", "");
    Files.createSymbolicLink(temp.resolve("link"), temp);
    Machine.fifo(temp.resolve("fifo"));

    assertThatThrownBy(() -> dir.openDir(name(kind))).isInstanceOf(NotDirectoryException.class);
  }

  @Test
  void selfIsTheDirectory() throws IOException {
    try (FileHandle self = dir.self()) {
      assertThat(self.stat().identity().fileKey())
          .hasToString(String.valueOf(Files.getAttribute(temp, "fileKey")));
      assertThat(self.display()).isEqualTo(temp.toString());
    }
  }

  @Test
  void createIsExclusiveAlsoAgainstADanglingLink() throws IOException {
    Files.createSymbolicLink(temp.resolve("l"), Path.of("target"));

    assertThat(dir.create(name("l"), 0600)).isEmpty();
    assertThat(temp.resolve("target")).doesNotExist();
    try (FileHandle made = dir.create(name("new"), 0600).orElseThrow()) {
      assertThat(made.stat().mode()).isEqualTo(0600);
    }
  }

  @Test
  @Tag("T1")
  void anAnonymousFileGetsANameLater() throws IOException {
    Requirement.present(dir.capabilities().mayHave(Capability.ANONYMOUS_FILE), "O_TMPFILE");
    try (FileHandle file = dir.anonymous(0600).orElseThrow()) {
      assertThat(temp).isEmptyDirectory();
      file.truncate(5);
      assertThat(dir.link(file, name("born"))).isEqualTo(CreateResult.CREATED);
      assertThat(dir.link(file, name("born"))).isEqualTo(CreateResult.EXISTS);
    }
    assertThat(temp.resolve("born")).hasSize(5);
  }

  @Test
  @Tag("K4")
  void anAnonymousFileIsLinkedThroughProcfsWhereTheDescriptorMayNot() throws IOException {
    Syscalls before610 =
        Machine.failing(Errno.ENOENT, "linkat", args -> args[4].equals(Abi.AT_EMPTY_PATH));
    TracingSyscalls trace = new TracingSyscalls(before610);
    try (Dir old = over(trace.syscalls());
        FileHandle file = old.anonymous(0600).orElseThrow()) {
      assertThat(old.link(file, name("born"))).isEqualTo(CreateResult.CREATED);
    }
    assertThat(trace.count("linkat")).isEqualTo(2);
    assertThat(temp.resolve("born")).exists();
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EOPNOTSUPP, Errno.EISDIR, Errno.EINVAL})
  void aMountWithoutAnonymousFilesIsRemembered(int errno) throws IOException {
    DenyingSyscalls denying = new DenyingSyscalls(Machine.kernel());
    try (Dir poor = over(denying.syscalls())) {
      assertThat(poor.capabilities().mayHave(Capability.ANONYMOUS_FILE)).isTrue();
      denying.deny(errno, "openat");
      assertThat(poor.anonymous(0600)).isEmpty();
      denying.allow("openat");
      assertThat(poor.capabilities().mayHave(Capability.ANONYMOUS_FILE)).isFalse();
      assertThat(poor.capabilities().mayHave(Capability.RENAME_NO_REPLACE)).isTrue();
    }
  }

  @Test
  void aDeniedCallSaysNothingAboutTheMount() throws IOException {
    DenyingSyscalls denying = new DenyingSyscalls(Machine.kernel());
    try (Dir filtered = over(denying.syscalls())) {
      denying.deny(Errno.EPERM, "openat");
      assertThatThrownBy(() -> filtered.anonymous(0600)).hasMessageContaining("openat: EPERM");
      denying.allow("openat");
      assertThat(filtered.capabilities().mayHave(Capability.ANONYMOUS_FILE)).isTrue();
    }
  }

  @Test
  void aRemovedDirectoryTakesNoNames() throws IOException {
    Files.createDirectory(temp.resolve("d"));
    try (Dir gone = dir.openDir(name("d"));
        FileHandle file = dir.create(name("f"), 0600).orElseThrow()) {
      Files.delete(temp.resolve("d"));

      assertThatThrownBy(() -> gone.anonymous(0600)).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> gone.link(file, name("x"))).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> gone.mkdir(name("x"), 0700)).isInstanceOf(NoSuchFileException.class);
      try (Listing none = gone.list()) {
        assertThat(none.next()).isEmpty();
      }
    }
  }

  @Test
  @Tag("L4")
  void aFileWhoseLastNameIsRemovedCannotGetAnother() throws IOException {
    try (FileHandle file = dir.create(name("f"), 0600).orElseThrow()) {
      dir.unlink(name("f"));

      assertThat(dir.link(file, name("g"))).isEqualTo(CreateResult.SOURCE_GONE);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("L4")
  void aSymbolicLinkIsLinkedItself(boolean byDescriptor) throws IOException {
    Files.createSymbolicLink(temp.resolve("l"), Path.of("nowhere"));
    Syscalls sys =
        Machine.failing(
            Errno.ENOENT, "linkat", args -> !byDescriptor && args[4].equals(Abi.AT_EMPTY_PATH));
    try (Dir over = over(sys);
        FileHandle link = over.find(name("l")).orElseThrow()) {
      assertThat(over.link(link, name("m"))).isEqualTo(CreateResult.CREATED);
    }
    assertThat(Files.readSymbolicLink(temp.resolve("m"))).isEqualTo(Path.of("nowhere"));
    assertThat(Files.getAttribute(temp.resolve("l"), "unix:nlink", LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(2);
  }

  @Test
  void directoriesAndLinksAreMadeOnce() throws IOException {
    assertThat(dir.mkdir(name("d"), 0700)).isEqualTo(CreateResult.CREATED);
    assertThat(dir.mkdir(name("d"), 0700)).isEqualTo(CreateResult.EXISTS);
    assertThat(dir.symlink("t", name("l"))).isEqualTo(CreateResult.CREATED);
    assertThat(dir.symlink("u", name("l"))).isEqualTo(CreateResult.EXISTS);
    assertThat(Files.readSymbolicLink(temp.resolve("l"))).hasToString("t");
  }

  @Test
  void aFifoIsMadeLikeAnother() throws IOException {
    Machine.fifo(temp.resolve("f"));
    Stat like = dir.stat(name("f")).orElseThrow();

    assertThat(dir.mknod(name("g"), like)).isEqualTo(CreateResult.CREATED);
    assertThat(dir.mknod(name("g"), like)).isEqualTo(CreateResult.EXISTS);
    assertThat(dir.stat(name("g")).orElseThrow().type()).isEqualTo(FileType.FIFO);
  }

  @Test
  void removalsTellWhatWasThere() throws IOException {
    write("f", "");
    Files.createDirectories(temp.resolve("d/x"));

    assertThat(dir.unlink(name("absent"))).isEqualTo(RemoveResult.ABSENT);
    assertThat(dir.unlink(name("d"))).isEqualTo(RemoveResult.IS_DIRECTORY);
    assertThat(dir.rmdir(name("absent"))).isEqualTo(RemoveResult.ABSENT);
    assertThat(dir.rmdir(name("f"))).isEqualTo(RemoveResult.NOT_DIRECTORY);
    assertThat(dir.rmdir(name("d"))).isEqualTo(RemoveResult.NOT_EMPTY);
    assertThat(dir.unlink(name("f"))).isEqualTo(RemoveResult.REMOVED);
    Files.delete(temp.resolve("d/x"));
    assertThat(dir.rmdir(name("d"))).isEqualTo(RemoveResult.REMOVED);
  }

  @Test
  void aListingHasEachOfTenThousandNamesOnce() throws IOException {
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 10_000; i++) {
      String each = "entry-" + i;
      expected.add(each);
      dir.create(name(each), 0600).orElseThrow().close();
    }

    Set<String> listed = new TreeSet<>();
    try (Listing listing = dir.list()) {
      for (Optional<Entry> e = listing.next(); e.isPresent(); e = listing.next()) {
        assertThat(listed.add(e.get().name().text())).isTrue();
        assertThat(e.get().type()).isIn(FileType.REGULAR, FileType.UNKNOWN);
      }
    }
    assertThat(listed).isEqualTo(expected);
  }

  @Test
  void namesNeedNotBeUtf8() throws IOException {
    Name odd = name("caf\udce9-\udcff");

    dir.create(odd, 0600).orElseThrow().close();

    try (Listing listing = dir.list()) {
      assertThat(listing.next().orElseThrow().name()).isEqualTo(odd);
    }
    assertThat(dir.rename(odd, dir, name("plain"), Replace.NO_REPLACE))
        .isEqualTo(RenameResult.RENAMED);
    assertThat(dir.symlink("to-\udcfe", name("l"))).isEqualTo(CreateResult.CREATED);
    try (FileHandle link = dir.find(name("l")).orElseThrow()) {
      assertThat(link.readLink()).isEqualTo("to-\udcfe");
    }
  }

  @Test
  @Tag("W6")
  void syncReachesTheDirectory() throws IOException {
    TracingSyscalls trace = new TracingSyscalls(Machine.kernel());
    try (Dir traced = over(trace.syscalls())) {
      traced.sync();
    }
    assertThat(trace.count("fsync")).isEqualTo(1);
  }

  @Test
  void aDirectoryThatCannotBeSyncedSaysSo() throws IOException {
    Syscalls denied = new DenyingSyscalls(Machine.kernel()).deny(Errno.EINVAL, "fsync").syscalls();
    try (Dir poor = over(denied)) {
      assertThatThrownBy(poor::sync).hasMessageContaining("SYNC_NAME");
      assertThat(poor.capabilities().mayHave(Capability.SYNC_NAME)).isFalse();
    }
  }

  @Test
  void aNameThatIsTooLongIsThePlainException() throws IOException {
    assertThatThrownBy(() -> dir.stat(name("n".repeat(256))))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessageContaining("ENAMETOOLONG (File name too long)");
  }

  @Test
  void aClosedDirectoryIsClosed() throws IOException {
    Dir closed = Machine.dir(temp);
    closed.close();
    closed.close();

    assertThatThrownBy(() -> closed.stat(name("a"))).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void messagesShowTheUsersPath() throws IOException {
    try (ParentRef ref = Machine.engine().ambient().parent(Machine.route(temp.resolve("x")))) {
      assertThat(ref.display()).isEqualTo(temp.resolve("x").toString());
      assertThat(ref.dir().display(name("sibling"))).isEqualTo(temp.resolve("sibling").toString());
    }
    try (ParentRef ref = Machine.engine().ambient().parent(Machine.route("pom.xml"))) {
      assertThat(ref.display()).isEqualTo("pom.xml");
      assertThat(ref.dir().display(name("sibling"))).isEqualTo("sibling");
    }
  }
}
