package dev.safefs.op;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.PathEscapeException;
import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.SafeCopyOption;
import dev.safefs.SourceChangedException;
import dev.safefs.handle.FileType;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CopierTest extends InScene {
  private static final CopyOption INTERRUPTIBLE = com.sun.nio.file.ExtendedCopyOption.INTERRUPTIBLE;

  private void permissions(String name, String permissions) throws IOException {
    Files.setPosixFilePermissions(scene.path(name), PosixFilePermissions.fromString(permissions));
  }

  @Test
  @Tag("C2")
  void aPlainCopyHasTheContentAndTheModeUnderTheUmaskOfTheJdk() throws IOException {
    scene.file("a", "A");
    for (String mode : new String[] {"rw-rw-rw-", "rwxrwxrwx", "r--r-----", "--x------"}) {
      permissions("a", mode);
      Requirement.present(Files.isReadable(scene.path("a")) || Scene.isRoot(), "read access");
      scene.copy("a", "b");
      Files.copy(scene.path("a"), scene.path("c"));
      assertThat(scene.stat("b").mode()).as(mode).isEqualTo(scene.stat("c").mode());
      assertThat(scene.content("b")).isEqualTo("A");
      Files.delete(scene.path("b"));
      Files.delete(scene.path("c"));
    }
    assertThat(scene.names()).containsExactly("a");
  }

  @Test
  @Tag("C5")
  void aPlainCopyHasNoSetuid() throws IOException {
    scene.file("a", "A");
    Scene.run("chmod", "6755", scene.path("a").toString());
    scene.copy("a", "plain");
    scene.copy("a", "kept", COPY_ATTRIBUTES);
    assertThat(scene.stat("plain").mode() & 07000).isZero();
    assertThat(scene.stat("kept").mode()).isEqualTo(06755);
  }

  @Test
  @Tag("C3")
  void attributesAreCopied() throws IOException {
    Path source = scene.file("a", "A");
    permissions("a", "rw-rw-r-x");
    Files.getFileAttributeView(source, UserDefinedFileAttributeView.class)
        .write("label", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    Instant time = Instant.ofEpochSecond(1_400_000_000L, 987_654_321);
    Files.setLastModifiedTime(source, FileTime.from(time));
    scene.copy("a", "b", COPY_ATTRIBUTES);
    assertThat(scene.stat("b").mode()).isEqualTo(0665);
    assertThat(scene.stat("b").modified()).isEqualTo(time);
    assertThat((byte[]) Files.getAttribute(scene.path("b"), "user:label")).containsExactly(1, 2, 3);
  }

  @Test
  @Tag("C3")
  void theOwnerIsCopiedByRoot() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    scene.file("a", "A");
    Scene.run("chown", "12345:23456", scene.path("a").toString());
    Scene.run("chmod", "4755", scene.path("a").toString());
    scene.copy("a", "b", COPY_ATTRIBUTES);
    assertThat(scene.stat("b").owner()).isEqualTo(12345);
    assertThat(scene.stat("b").group()).isEqualTo(23456);
    assertThat(scene.stat("b").mode()).isEqualTo(04755);
    scene.copy("a", "plain");
    assertThat(scene.stat("plain").owner()).isZero();
    assertThat(scene.stat("plain").mode()).isEqualTo(0755);
  }

  @Test
  @Tag("C2")
  void anExistingTargetIsKeptUnlessItIsToBeReplaced() throws IOException {
    scene.file("a", "A");
    scene.file("b", "B");
    scene.directory("full");
    scene.file("full/x", "X");
    scene.directory("empty");
    scene.link("dangling", "nowhere");
    for (String target : new String[] {"b", "full", "empty", "dangling"}) {
      assertThatThrownBy(() -> scene.copy("a", target))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    assertThatThrownBy(() -> scene.copy("a", "full", REPLACE_EXISTING))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThat(scene.content("b")).isEqualTo("B");
    for (String target : new String[] {"b", "empty", "dangling"}) {
      scene.copy("a", target, REPLACE_EXISTING);
      assertThat(scene.content(target)).isEqualTo("A");
    }
    assertThat(scene.path("nowhere")).doesNotExist();
    assertThat(scene.names()).containsExactly("a", "b", "dangling", "empty", "full");
  }

  @Test
  @Tag("C2")
  void aMissingSourceLeavesTheTarget() throws IOException {
    scene.file("b", "B");
    assertThatThrownBy(() -> scene.copy("a", "b", REPLACE_EXISTING))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> scene.copy("b", "nowhere/x")).isInstanceOf(NoSuchFileException.class);
    assertThat(scene.content("b")).isEqualTo("B");
  }

  @Test
  @Tag("C2")
  void aDirectoryIsCopiedWithoutItsEntries() throws IOException {
    scene.directory("d");
    scene.file("d/x", "X");
    scene.file("file", "F");
    permissions("d", "rwxr-x--x");
    Files.setLastModifiedTime(scene.path("d"), FileTime.fromMillis(1_300_000_000_000L));
    scene.copy("d", "plain");
    scene.copy("d", "attributes", COPY_ATTRIBUTES);
    scene.copy("d", "file", REPLACE_EXISTING);
    scene.copy("d", "plain", COPY_ATTRIBUTES, REPLACE_EXISTING);
    for (String copy : new String[] {"plain", "attributes", "file"}) {
      assertThat(scene.names(copy)).isEmpty();
      assertThat(scene.stat(copy).mode()).isEqualTo(0751);
    }
    assertThat(scene.stat("attributes").modified().toEpochMilli()).isEqualTo(1_300_000_000_000L);
    assertThat(scene.names()).containsExactly("attributes", "d", "file", "plain");
  }

  @Test
  @Tag("C1")
  void aLinkIsFollowedOrCopiedItself() throws IOException {
    scene.file("a", "A");
    scene.link("l", "a");
    scene.link("outside", "/etc/hostname");
    scene.copy("l", "content");
    scene.copy("l", "itself", NOFOLLOW_LINKS);
    scene.copy("l", "attributes", NOFOLLOW_LINKS, COPY_ATTRIBUTES);
    scene.copy("outside", "escape", NOFOLLOW_LINKS);
    assertThat(scene.path("content")).isRegularFile();
    assertThat(Files.readSymbolicLink(scene.path("itself"))).isEqualTo(Path.of("a"));
    assertThat(Files.readSymbolicLink(scene.path("attributes"))).isEqualTo(Path.of("a"));
    assertThatThrownBy(() -> scene.copy("outside", "read")).isInstanceOf(PathEscapeException.class);
    assertThat(scene.path("read")).doesNotExist();
  }

  @Test
  @Tag("C1")
  void aFileIsNotCopiedOverItself() throws IOException {
    scene.file("a", "A");
    Files.createLink(scene.path("b"), scene.path("a"));
    scene.link("l", "a");
    scene.copy("a", "a");
    scene.copy("a", "b", REPLACE_EXISTING);
    assertThatThrownBy(() -> scene.copy("a", "l")).isInstanceOf(FileAlreadyExistsException.class);
    assertThat(scene.stat("a").linkCount()).isEqualTo(2);
  }

  @Test
  @Tag("R6")
  @Timeout(30)
  void aFifoNeverHangsACopy() throws IOException {
    scene.fifo("f");
    assertThatThrownBy(() -> scene.copy("f", "b")).isInstanceOf(FileSystemException.class);
    scene.copy("f", "c", NOFOLLOW_LINKS);
    assertThat(scene.stat("c").type()).isEqualTo(FileType.FIFO);
    assertThat(scene.names()).containsExactly("c", "f");
  }

  @Test
  @Tag("R6")
  void aDeviceIsReadWhereSpecialFilesAreAllowed() throws IOException {
    Scene machine = Scene.ambient(Path.of("/"));
    String target = scene.path("copy").toString().substring(1);
    machine.copy("dev/null", target);
    assertThat(scene.path("copy")).isRegularFile().isEmptyFile();
  }

  @Test
  @Tag("C3")
  void progressIsToldAndAnInterruptEndsTheCopy() throws IOException {
    try (RandomAccessFile big = new RandomAccessFile(scene.path("a").toFile(), "rw")) {
      for (int i = 0; i < 4; i++) {
        big.write(new byte[8 << 20]);
      }
    }
    List<Long> done = new ArrayList<>();
    scene.copy("a", "b", SafeCopyOption.progress((now, total) -> done.add(now)));
    assertThat(done).isSorted().contains(32L << 20);
    SafeCopyOption interrupting =
        SafeCopyOption.progress((now, total) -> Thread.currentThread().interrupt());
    try {
      assertThatThrownBy(() -> scene.copy("a", "c", INTERRUPTIBLE, interrupting))
          .isInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(scene.names()).containsExactly("a", "b");
  }

  @Test
  @Tag("C4")
  void aSourceThatChangesFailsAStableCopy() throws IOException {
    scene.file("a", "A");
    scene.file("b", "B");
    SafeCopyOption changing =
        SafeCopyOption.progress(
            (done, total) -> {
              try {
                Files.writeString(scene.path("a"), "CHANGED");
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    assertThatThrownBy(
            () -> scene.copy("a", "b", REPLACE_EXISTING, SafeCopyOption.VERIFY_STABLE, changing))
        .isInstanceOf(SourceChangedException.class);
    assertThat(scene.content("b")).isEqualTo("B");
    scene.copy("a", "c", SafeCopyOption.VERIFY_STABLE);
    assertThat(scene.content("c")).isEqualTo("CHANGED");
  }

  @Test
  @Tag("W6")
  void aDurableCopySyncsContentBeforeItsNameAndTheNameAfterwards() throws IOException {
    TracingSyscalls trace = new TracingSyscalls(Scene.kernel());
    SafeConfig none = SafeConfig.confined().with("durability", "none");
    try (Scene traced = Scene.confined(dir, trace.syscalls(), none)) {
      traced.file("a", "A");
      traced.copy("a", "b");
      assertThat(trace.count("fsync")).isZero();
      trace.clear();
      traced.copy("a", "c", SafeCopyOption.DURABLE);
      assertThat(trace.count("fsync")).isEqualTo(2);
      assertThat(trace.names().indexOf("fsync")).isLessThan(trace.names().indexOf("linkat"));
      assertThat(trace.names().lastIndexOf("fsync")).isGreaterThan(trace.names().indexOf("linkat"));
    }
  }

  @Test
  @Tag("C3")
  void blocksAreSharedOrNotAsAsked() throws IOException {
    DenyingSyscalls without =
        new DenyingSyscalls(Scene.kernel()).deny(Errno.EOPNOTSUPP, "ioctl_ficlone");
    TracingSyscalls trace = new TracingSyscalls(without.syscalls());
    try (Scene traced = Scene.confined(dir, trace.syscalls(), SafeConfig.confined())) {
      traced.file("a", "A".repeat(100_000));
      assertThatThrownBy(() -> traced.copy("a", "only", SafeCopyOption.REFLINK_ONLY))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(traced.names()).containsExactly("a");
      trace.clear();
      traced.copy("a", "never", SafeCopyOption.NO_REFLINK);
      assertThat(trace.names()).doesNotContain("ioctl_ficlone", "copy_file_range");
      assertThat(traced.content("never")).hasSize(100_000);
      assertThatThrownBy(
              () -> traced.copy("a", "b", SafeCopyOption.NO_REFLINK, SafeCopyOption.REFLINK_ONLY))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
