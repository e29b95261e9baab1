package dev.safefs.op;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeConfig;
import dev.safefs.SafeCopyOption;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.StrikingSyscalls;
import dev.safefs.sys.StrikingSyscalls.Strike;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Moves between two file systems: the one of the temporary directory, and one in memory. */
@Tag("M3")
class MoveAcrossTest extends BetweenFileSystems {
  private void move(String source, String target, CopyOption... options) throws IOException {
    Mover.move(here.place(source), there.place(target), MoveRequest.parse(options));
  }

  @Test
  void aFileArrivesWithItsAttributes() throws IOException {
    Path source = here.file("a", "A");
    Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rw-rw-r-x"));
    Instant time = Instant.ofEpochSecond(1_500_000_000L, 123_456_789);
    Files.setLastModifiedTime(source, FileTime.from(time));
    move("a", "b");
    assertThat(there.content("b")).isEqualTo("A");
    assertThat(there.stat("b").mode()).isEqualTo(0665);
    assertThat(there.stat("b").modified()).isEqualTo(time);
    assertThat(here.names()).isEmpty();
    assertThat(there.names()).containsExactly("b");
  }

  @Test
  @Tag("H2")
  void aPinnedFileKeepsItsNameWhateverAListenerThrows() throws IOException {
    here.file("a", "A");
    MoveRequest request =
        MoveRequest.parse(
            SafeCopyOption.progress(
                (done, total) -> {
                  throw new AssertionError("no further");
                }));
    try (Pin pin = Pin.open(here.place("a"), LinkMode.NOFOLLOW)) {
      assertThatThrownBy(() -> pin.moveTo(there.place("b"), request))
          .isInstanceOf(AssertionError.class)
          .hasMessage("no further");
    }
    assertThat(here.names()).containsExactly("a");
    assertThat(there.names()).isEmpty();
  }

  @Test
  @Tag("K2")
  void theTargetsNameIsDurableBeforeTheSourceIsRemoved() throws IOException {
    here.file("a", "A");
    TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
    try (Scene from = Scene.confined(dir, trace.syscalls(), SafeConfig.confined());
        Scene to = Scene.confined(far, trace.syscalls(), SafeConfig.confined())) {
      Mover.move(from.place("a"), to.place("b"), MoveRequest.parse());
      assertSyncedBetween(trace.names(), "linkat", "unlinkat");
      Files.createDirectories(here.path("tree/sub"));
      trace.clear();
      TreeOps.moveTree(from.place("tree"), to.place("tree"), MoveRequest.parse(), TreePlan.STOP);
      // Behind the removal of the stage, before that of the source.
      assertSyncedBetween(trace.names(), "unlinkat", "mkdirat");
    }
    assertThat(here.names()).isEmpty();
    assertThat(there.names()).containsExactly("b", "tree");
  }

  /** As the two file systems' journals know nothing of each other. */
  private static void assertSyncedBetween(List<String> calls, String given, String removed) {
    int sync = calls.lastIndexOf("fsync");
    assertThat(calls.subList(0, sync)).contains(given);
    assertThat(calls.subList(sync, calls.size())).contains(removed);
  }

  @Test
  void extendedAttributesArrive() throws IOException {
    Path source = here.file("a", "A");
    Files.getFileAttributeView(source, UserDefinedFileAttributeView.class)
        .write("label", ByteBuffer.wrap(new byte[] {1, 2}));
    boolean kept = supportsUserAttributes(far);
    if (kept) {
      move("a", "b");
      assertThat(
              Files.getFileAttributeView(there.path("b"), UserDefinedFileAttributeView.class)
                  .list())
          .containsExactly("label");
    } else {
      assertThatThrownBy(() -> move("a", "b")).isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(here.content("a")).isEqualTo("A");
      assertThat(there.names()).isEmpty();
    }
  }

  private static boolean supportsUserAttributes(Path directory) throws IOException {
    Path probe = Files.createTempFile(directory, "probe", "");
    try {
      Files.setAttribute(probe, "user:x", new byte[] {1});
      return true;
    } catch (FileSystemException e) {
      return false;
    } finally {
      Files.delete(probe);
    }
  }

  @Test
  void holesArrive() throws IOException {
    try (RandomAccessFile sparse = new RandomAccessFile(here.path("a").toFile(), "rw")) {
      sparse.setLength(64 << 20);
      sparse.seek(32 << 20);
      sparse.write(1);
    }
    move("a", "b");
    assertThat(Files.size(there.path("b"))).isEqualTo(64 << 20);
    Process du = new ProcessBuilder("du", "-k", there.path("b").toString()).start();
    String kilobytes = new String(du.getInputStream().readAllBytes()).split("\t")[0];
    assertThat(Long.parseLong(kilobytes)).isLessThan(1024);
  }

  @Test
  void linksDirectoriesAndFifosArrive() throws IOException {
    here.link("l", "nowhere");
    here.directory("d");
    here.fifo("f");
    Files.setPosixFilePermissions(here.path("d"), PosixFilePermissions.fromString("r-x--x---"));
    for (String name : List.of("l", "d", "f")) {
      move(name, name);
    }
    assertThat(Files.readSymbolicLink(there.path("l"))).isEqualTo(Path.of("nowhere"));
    Stat directory = there.stat("d");
    assertThat(directory.type()).isEqualTo(FileType.DIRECTORY);
    assertThat(directory.mode()).isEqualTo(0510);
    assertThat(there.stat("f").type()).isEqualTo(FileType.FIFO);
    assertThat(here.names()).isEmpty();
  }

  /** What is read to be copied is an access, which is not the source's time. */
  @Test
  void theTimesAreThoseFromBeforeTheSourceWasRead() throws IOException {
    here.link("l", "nowhere");
    here.directory("d");
    here.file("f", "F");
    Instant time = Instant.ofEpochSecond(1_500_000_000L, 123_456_789);
    for (String name : List.of("l", "d", "f")) {
      Scene.run("touch", "-h", "-d", time.toString(), here.path(name).toString());
      move(name, name);
      assertThat(there.stat(name).accessed()).as(name).isEqualTo(time);
      assertThat(there.stat(name).modified()).as(name).isEqualTo(time);
    }
  }

  @Test
  void aDirectoryWithEntriesIsRefused() throws IOException {
    here.directory("d");
    here.file("d/x", "X");
    assertThatThrownBy(() -> move("d", "d")).isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(here.names("d")).containsExactly("x");
    assertThat(there.names()).isEmpty();
  }

  @Test
  void theTargetIsKeptOrReplacedAsAsked() throws IOException {
    here.file("a", "A");
    there.file("b", "B");
    there.directory("empty");
    there.directory("full");
    there.file("full/x", "X");
    assertThatThrownBy(() -> move("a", "b")).isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> move("a", "full", REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> move("a", "c", ATOMIC_MOVE))
        .isInstanceOf(AtomicMoveNotSupportedException.class);
    assertThat(there.content("b")).isEqualTo("B");
    assertThat(here.content("a")).isEqualTo("A");
    move("a", "b", REPLACE_EXISTING);
    assertThat(there.content("b")).isEqualTo("A");
    here.file("a", "again");
    move("a", "empty", REPLACE_EXISTING);
    assertThat(there.content("empty")).isEqualTo("again");
    here.directory("d");
    move("d", "b", REPLACE_EXISTING);
    assertThat(there.path("b")).isDirectory();
    assertThat(here.names()).isEmpty();
    assertThat(there.names()).containsExactly("b", "empty", "full");
  }

  @Test
  void aSourceReplacedMeanwhileIsKept() throws IOException {
    here.file("a", "A".repeat(1 << 16));
    here.file("other", "OTHER");
    SafeCopyOption replaced =
        SafeCopyOption.progress(
            (done, total) -> {
              if (done == total && Files.exists(here.path("other"))) {
                try {
                  Files.move(here.path("other"), here.path("a"), ATOMIC_MOVE);
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              }
            });
    assertThatThrownBy(() -> move("a", "b", replaced)).isInstanceOf(SourceChangedException.class);
    assertThat(here.content("a")).isEqualTo("OTHER");
  }

  @Test
  void aSourceWrittenToMeanwhileIsKeptAndNotCopied() throws IOException {
    here.file("a", "A");
    SafeCopyOption written =
        SafeCopyOption.progress(
            (done, total) -> {
              try {
                Files.writeString(here.path("a"), "LONGER");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    assertThatThrownBy(() -> move("a", "b", written)).isInstanceOf(SourceChangedException.class);
    assertThat(here.content("a")).isEqualTo("LONGER");
    assertThat(there.names()).isEmpty();
  }

  @Test
  @Tag("K3")
  void aFullDiskKeepsTheOldTarget() throws IOException {
    here.file("a", "A");
    there.file("b", "B");
    DenyingSyscalls full =
        new DenyingSyscalls(Scene.kernel())
            .deny(Errno.ENOSPC, "copy_file_range", "write")
            .deny(Errno.EXDEV, "renameat");
    try (Scene near = Scene.confined(dir, full.syscalls(), SafeConfig.confined())) {
      near.file("b", "B");
      assertThatThrownBy(() -> near.move("a", "b", REPLACE_EXISTING))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("ENOSPC");
      assertThat(near.content("b")).isEqualTo("B");
      assertThat(near.names()).containsExactly("a", "b");
    }
  }

  /** Without exclusive renames a directory takes the name first, and finds out too late. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Tag("K3")
  void aClaimOnAnotherFileSystemIsNotLeftWhateverFails(boolean asTree) throws IOException {
    DenyingSyscalls old = new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOSYS, "renameat2");
    here.directory("d");
    boolean hit = true;
    for (int n = 1; hit; n++) {
      FaultingSyscalls faults = FaultingSyscalls.once(old.syscalls(), n, Errno.EIO);
      Files.setPosixFilePermissions(dir.resolve("d"), PosixFilePermissions.fromString("rwxr-x---"));
      try (Scene near = Scene.confined(dir, faults.syscalls(), SafeConfig.confined());
          Scene away = Scene.confined(far, faults.syscalls(), SafeConfig.confined())) {
        if (asTree) {
          TreeOps.moveTree(near.place("d"), away.place("d"), MoveRequest.parse(), TreePlan.COLLECT);
        } else {
          Mover.move(near.place("d"), away.place("d"), MoveRequest.parse());
        }
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("EIO").hasMessageNotContaining(".safefs-");
      }
      if (Files.exists(far.resolve("d"))) {
        assertThat(there.stat("d").mode()).as("call %d: a copy, no claim", n).isEqualTo(0750);
        Files.delete(far.resolve("d"));
      }
      assertThat(there.names()).as("call %d", n).isEmpty();
      Files.createDirectories(dir.resolve("d"));
      hit = faults.hit();
    }
  }

  /** What another process does by path, if it still finds the source. */
  private interface Change {
    boolean isMade() throws IOException;
  }

  /** A move that may find out that the source changed. */
  private interface Move {
    void from(Scene near) throws IOException;
  }

  /** Lets another process come before each system call of a move, and looks whether it lost. */
  private void strikeEverywhere(Strike before, Change change, Move move, Change isLost)
      throws IOException {
    boolean hit = true;
    int changes = 0;
    for (int n = 1; hit; n++) {
      before.run();
      boolean[] changed = {false};
      StrikingSyscalls strikes =
          StrikingSyscalls.before(Scene.kernel(), n, () -> changed[0] = change.isMade());
      try (Scene near = Scene.confined(dir, strikes.syscalls(), SafeConfig.confined())) {
        move.from(near);
      } catch (SourceChangedException e) {
        assertThat(changed[0]).as("call %d: %s", n, e).isTrue();
      }
      assertThat(changed[0] && isLost.isMade()).as("lost before call %d", n).isFalse();
      hit = strikes.hit();
      changes += changed[0] ? 1 : 0;
    }
    assertThat(changes).isGreaterThan(10);
  }

  @Test
  void whatIsAppendedToTheSourceMeanwhileIsNotLost() throws IOException {
    Path source = here.path("a");
    Path target = there.path("b");
    strikeEverywhere(
        () -> {
          Files.deleteIfExists(target);
          Files.writeString(source, "A");
        },
        () -> {
          try {
            Files.writeString(source, "+", StandardOpenOption.APPEND);
            return true;
          } catch (NoSuchFileException e) {
            return false;
          }
        },
        near -> Mover.move(near.place("a"), there.place("b"), MoveRequest.parse()),
        () -> {
          String kept = Files.exists(source) ? Files.readString(source) : "";
          String copied = Files.exists(target) ? Files.readString(target) : "";
          return !(kept + copied).contains("+");
        });
  }

  @Test
  @Tag("D2")
  void aLinkThatIsReplacedWhileItsTreeMovesIsNotLost() throws IOException {
    Path link = here.path("tree").resolve("link");
    Path copy = there.path("tree").resolve("link");
    strikeEverywhere(
        () -> {
          Files.deleteIfExists(copy);
          Files.deleteIfExists(there.path("tree"));
          Files.createDirectories(link.getParent());
          Files.deleteIfExists(link);
          Files.createSymbolicLink(link, Path.of("one"));
        },
        () -> {
          if (!Files.isSymbolicLink(link)) {
            return false;
          }
          Path staged = Files.createSymbolicLink(dir.resolve("staged"), Path.of("two"));
          Files.move(staged, link, ATOMIC_MOVE);
          return true;
        },
        near ->
            TreeOps.moveTree(
                near.place("tree"), there.place("tree"), MoveRequest.parse(), TreePlan.STOP),
        () -> {
          Path two = Path.of("two");
          boolean kept = Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(two);
          return !kept && !(Files.isSymbolicLink(copy) && Files.readSymbolicLink(copy).equals(two));
        });
  }
}
