package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.RaceDetectedException;
import dev.safefs.SafeConfig;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import dev.safefs.request.MoveRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleterTest extends InScene {
  /** An unlucky start ends a round at once. */
  private static final int ROUNDS = 50;

  private void delete(String name) throws IOException {
    Deleter.delete(scene.place(name));
  }

  private static Object key(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }

  @Test
  @Tag("D1")
  void filesLinksAndEmptyDirectoriesAreDeleted() throws IOException {
    scene.file("f", "F");
    scene.link("l", "f");
    scene.directory("d");
    delete("l");
    assertThat(scene.names()).containsExactly("d", "f");
    delete("f");
    delete("d");
    assertThatThrownBy(() -> delete("f")).isInstanceOf(NoSuchFileException.class);
    assertThat(Deleter.deleteIfExists(scene.place("f"))).isFalse();
    assertThat(Deleter.deleteIfExists(scene.place("nowhere/f"))).isFalse();
  }

  @Test
  @Tag("D1")
  void aDirectoryWithEntriesAndTheRootAreKept() throws IOException {
    scene.directory("d");
    scene.file("d/x", "X");
    assertThatThrownBy(() -> delete("d")).isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> Deleter.deleteIfExists(scene.place("d")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> delete("")).isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> delete("d/..")).isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> delete("d/.")).isExactlyInstanceOf(FileSystemException.class);
    assertThat(scene.names("d")).containsExactly("x");
  }

  @Test
  @Tag("S1")
  void oneTypeIsDeletedOnly() throws IOException {
    scene.file("f", "F");
    scene.directory("d");
    assertThatThrownBy(() -> Deleter.deleteFile(scene.place("d")))
        .isExactlyInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Deleter.deleteDirectory(scene.place("f")))
        .isExactlyInstanceOf(FileSystemException.class);
    Deleter.deleteFile(scene.place("f"));
    Deleter.deleteDirectory(scene.place("d"));
    assertThat(scene.names()).isEmpty();
  }

  @Test
  @Tag("D3")
  void aNameThatChangesItsTypeIsDeletedAllTheSame() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    Thread attacker =
        new Thread(
            () -> {
              while (!stop.get()) {
                try {
                  Files.createFile(scene.path("n"));
                  Files.delete(scene.path("n"));
                  Files.createDirectory(scene.path("n"));
                  Files.delete(scene.path("n"));
                } catch (IOException e) {
                  // The other thread was faster.
                }
              }
            });
    attacker.start();
    try {
      for (int i = 0; i < 3000; i++) {
        Deleter.deleteIfExists(scene.place("n"));
      }
    } finally {
      stop.set(true);
      attacker.join();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "renameat2"})
  @Tag("D1")
  void onlyTheFileMeantIsDeleted(String denied) throws IOException {
    DenyingSyscalls sys = new DenyingSyscalls(Scene.kernel());
    if (!denied.isEmpty()) {
      sys.deny(Errno.ENOSYS, denied);
    }
    try (Scene own = Scene.confined(dir, sys.syscalls(), SafeConfig.confined())) {
      Object key = key(own.file("a", "A"));
      own.file("b", "B");
      assertThat(Deleter.deleteIfSame(own.place("b"), key)).isEqualTo(Deleter.Deletion.DIFFERENT);
      assertThat(Deleter.deleteIfSame(own.place("x"), key)).isEqualTo(Deleter.Deletion.ABSENT);
      assertThat(Deleter.deleteIfSame(own.place("a"), key)).isEqualTo(Deleter.Deletion.DELETED);
      Object directory = key(own.directory("d"));
      own.file("d/x", "X");
      assertThatThrownBy(() -> Deleter.deleteIfSame(own.place("d"), directory))
          .isInstanceOf(DirectoryNotEmptyException.class);
      Files.delete(own.path("d/x"));
      Scene.run("chmod", "0555", own.path("d").toString());
      assertThat(Deleter.deleteIfSame(own.place("d"), directory))
          .isEqualTo(Deleter.Deletion.DELETED);
      assertThat(own.names()).containsExactly("b");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "renameat2"})
  @Tag("D1")
  void aReplacementIsTakenIntoQuarantineAndPutBack(String denied) throws IOException {
    DenyingSyscalls sys = new DenyingSyscalls(Scene.kernel());
    if (!denied.isEmpty()) {
      sys.deny(Errno.ENOSYS, denied);
    }
    try (Scene own = Scene.confined(dir, sys.syscalls(), SafeConfig.confined())) {
      own.file("a", "A");
      own.file("other", "OTHER");
      try (ParentRef at = Resolver.parent(own.place("a"));
          FileHandle pinned = at.dir().find(at.name()).orElseThrow();
          Quarantine quarantine = Quarantine.open(at)) {
        Stat meant = pinned.stat();
        Files.move(own.path("other"), own.path("a"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(quarantine.claim(meant)).isEqualTo(Quarantine.Claim.DIFFERENT);
      }
      assertThat(own.content("a")).isEqualTo("OTHER");
      assertThat(own.names()).containsExactly("a");
    }
  }

  /** Where no private directory can be made, what frees the disk is to work all the same. */
  @Test
  @Tag("D1")
  @Tag("K3")
  void onAFullDiskTheFileMeantIsDeletedAndAnotherPutBack() throws IOException {
    DenyingSyscalls full = new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOSPC, "mkdirat");
    try (Scene own = Scene.confined(dir, full.syscalls(), SafeConfig.confined())) {
      Object key = key(own.file("a", "A"));
      Object directory = key(own.directory("d"));
      own.file("b", "B");
      assertThat(Deleter.deleteIfSame(own.place("b"), key)).isEqualTo(Deleter.Deletion.DIFFERENT);
      assertThat(Deleter.deleteIfSame(own.place("a"), key)).isEqualTo(Deleter.Deletion.DELETED);
      assertThat(Deleter.deleteIfSame(own.place("d"), directory))
          .isEqualTo(Deleter.Deletion.DELETED);
      own.file("other", "OTHER");
      try (ParentRef at = Resolver.parent(own.place("b"));
          FileHandle pinned = at.dir().find(at.name()).orElseThrow();
          Quarantine quarantine = Quarantine.open(at)) {
        Stat meant = pinned.stat();
        Files.move(own.path("other"), own.path("b"), StandardCopyOption.ATOMIC_MOVE);
        assertThat(quarantine.claim(meant)).isEqualTo(Quarantine.Claim.DIFFERENT);
      }
      assertThat(own.content("b")).isEqualTo("OTHER");
      assertThat(own.names()).containsExactly("b");
    }
  }

  /** Where others could exchange what is beside its own name, all stays as it is. */
  @Test
  @Tag("D1")
  void onAFullDiskNothingIsTakenAwayInASharedDirectory() throws IOException {
    Path shared = scene.directory("shared");
    Path file = Files.writeString(shared.resolve("file"), "file");
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
    DenyingSyscalls full = new DenyingSyscalls(Scene.kernel()).deny(Errno.ENOSPC, "mkdirat");
    try (Scene own = Scene.confined(dir, full.syscalls(), SafeConfig.confined())) {
      Object key = key(file);
      assertThatThrownBy(() -> Deleter.deleteIfSame(own.place("shared/file"), key))
          .isInstanceOf(FileSystemException.class);
    }
    assertThat(file).hasContent("file");
    assertThat(shared.toFile().list()).containsExactly("file");
  }

  @Test
  @Tag("D1")
  void whatCannotBePutBackIsKeptUnderItsOwnName() throws IOException {
    scene.file("a", "A");
    try (ParentRef at = Resolver.parent(scene.place("a"));
        FileHandle pinned = at.dir().find(at.name()).orElseThrow();
        Quarantine quarantine = Quarantine.open(at)) {
      assertThat(quarantine.claim(pinned.stat())).isEqualTo(Quarantine.Claim.CLAIMED);
      scene.file("a", "NEW");
      assertThatThrownBy(quarantine::putBack)
          .isInstanceOf(RaceDetectedException.class)
          .hasMessageContaining(".safefs-q")
          .hasMessageContaining("/a");
    }
    assertThat(scene.content("a")).isEqualTo("NEW");
    String leftover = scene.names().get(0);
    assertThat(scene.content(leftover + "/a")).isEqualTo("A");
  }

  @Test
  @Tag("D1")
  void aNameThatIsExchangedAllTheTimeCostsNoOtherFile() throws Exception {
    int deleted = 0;
    for (int round = 0; round < ROUNDS && deleted == 0; round++) {
      deleted = deleteUnderExchange("a" + round, "bystander" + round);
    }
    assertThat(deleted).isPositive();
  }

  /** Returns how often the file that was meant was deleted; the bystander never is. */
  private int deleteUnderExchange(String name, String other) throws Exception {
    Object bystander = key(scene.file(other, "B"));
    int deleted = 0;
    AtomicBoolean stop = new AtomicBoolean();
    Thread attacker =
        new Thread(
            () -> {
              while (!stop.get()) {
                try {
                  Mover.exchange(scene.place(name), scene.place(other));
                } catch (IOException e) {
                  // One of both is in quarantine, or gone.
                }
              }
            });
    attacker.start();
    try {
      for (int i = 0; i < 1000; i++) {
        Path made = Files.createFile(scene.path(name + "-made" + i));
        Object meant = key(made);
        try {
          Files.createLink(scene.path(name), made);
        } catch (FileAlreadyExistsException e) {
          Mover.move(scene.place(name), scene.place(other), MoveRequest.parse());
          continue;
        }
        try {
          deleted +=
              Deleter.deleteIfSame(scene.place(name), meant) == Deleter.Deletion.DELETED ? 1 : 0;
        } catch (RaceDetectedException e) {
          assertThat(e).hasMessageContaining(".safefs-q");
        }
      }
    } catch (FileAlreadyExistsException e) {
      // Both names are taken again: this round is over.
    } finally {
      stop.set(true);
      attacker.join();
    }
    assertThat(findKey(bystander)).isNotEmpty();
    return deleted;
  }

  /** Returns a name of a file, also in a quarantine that was left, or nothing. */
  private String findKey(Object key) throws IOException {
    try (Stream<Path> tree = Files.walk(dir)) {
      for (Path path : tree.toList()) {
        try {
          if (key(path).equals(key)) {
            return dir.relativize(path).toString();
          }
        } catch (NoSuchFileException e) {
          // Moved meanwhile.
        }
      }
    } catch (UncheckedIOException e) {
      return "bystander: moved while the tree was walked";
    }
    return "";
  }
}
