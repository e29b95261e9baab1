package dev.safefs.op;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.SafeOpenOption;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Errno;
import dev.safefs.sys.FaultingSyscalls;
import dev.safefs.sys.SettingSyscalls;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a published file has of the one it replaces. */
@Tag("W4")
class SuccessionTest extends InScene {
  @BeforeEach
  void begin() throws IOException {
    scene.file("file", "old");
  }

  @AfterEach
  void noStrayNameIsLeft() throws IOException {
    scene.close();
    assertThat(scene.names()).noneMatch(name -> name.startsWith(".safefs-"));
  }

  private void write(Scene where, String name, OpenOption... options) throws IOException {
    try (FileChannel channel =
        Opener.open(where.place(name), OpenRequest.parse(Set.of(options), where.config))) {
      channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
    }
  }

  private Scene with(String key, String value) throws IOException {
    return Scene.confined(dir, Scene.kernel(), SafeConfig.confined().with(key, value));
  }

  @Test
  void modeAndUserAttributesAreKept() throws IOException {
    Path file = scene.path("file");
    Files.setAttribute(file, "unix:mode", 0751);
    view(file).write("note", ByteBuffer.wrap(new byte[] {1, 2}));
    write(scene, "file", WRITE, TRUNCATE_EXISTING);
    assertThat(scene.content("file")).isEqualTo("new");
    assertThat((int) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(0751);
    assertThat(view(file).list()).containsExactly("note");
  }

  /** Of a file that was left alone for a while the time of last change tells; of another not. */
  @ParameterizedTest
  @ValueSource(ints = {0, 250})
  void whatChangesWhileItIsWrittenIsKept(int restMilliseconds) throws IOException {
    Path file = scene.path("file");
    view(file).write("gone", ByteBuffer.wrap(new byte[] {1}));
    rest(restMilliseconds);
    for (String note : List.of("mode", "attributes", "both")) {
      try (FileChannel channel =
          Opener.open(
              scene.place("file"),
              OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), scene.config))) {
        channel.write(ByteBuffer.wrap(note.getBytes(StandardCharsets.UTF_8)));
        if (!note.equals("attributes")) {
          Files.setAttribute(file, "unix:mode", note.equals("both") ? 0600 : 0711);
        }
        if (!note.equals("mode")) {
          view(file).write(note, ByteBuffer.wrap(new byte[] {2}));
        }
      }
      rest(restMilliseconds);
    }
    assertThat(scene.content("file")).isEqualTo("both");
    assertThat((int) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(0600);
    assertThat(view(file).list()).containsExactlyInAnyOrder("gone", "attributes", "both");
  }

  private static void rest(int milliseconds) {
    long end = System.nanoTime() + milliseconds * 1_000_000L;
    for (long rest = end - System.nanoTime(); rest > 0; rest = end - System.nanoTime()) {
      LockSupport.parkNanos(rest);
    }
  }

  @Test
  void anotherFileThatTakesTheNameMeanwhileHandsDownItsOwn() throws IOException {
    Path file = scene.path("file");
    Files.setAttribute(file, "unix:mode", 0777);
    try (FileChannel channel =
        Opener.open(
            scene.place("file"),
            OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), scene.config))) {
      channel.write(ByteBuffer.wrap(new byte[] {'n', 'e', 'w'}));
      Path other = scene.file("other", "other");
      Files.setAttribute(other, "unix:mode", 0640);
      Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    }
    assertThat(scene.content("file")).isEqualTo("new");
    assertThat((int) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(0640);
  }

  private static UserDefinedFileAttributeView view(Path file) {
    return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
  }

  @Test
  void ownerAndSetuidAreKept() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Path file = scene.path("file");
    Files.setAttribute(file, "unix:uid", 1234);
    Files.setAttribute(file, "unix:gid", 4321);
    Files.setAttribute(file, "unix:mode", 04755);
    write(scene, "file", WRITE, TRUNCATE_EXISTING);
    Map<String, Object> now = Files.readAttributes(file, "unix:uid,gid,mode");
    assertThat(now.get("uid")).isEqualTo(1234);
    assertThat(now.get("gid")).isEqualTo(4321);
    assertThat((int) now.get("mode") & 07777).isEqualTo(04755);
  }

  @Test
  @Tag("W8")
  void aNewFileHasTheModeTheKernelGivesIt() throws IOException {
    Files.createFile(scene.path("theirs"));
    write(scene, "new", WRITE, CREATE, TRUNCATE_EXISTING);
    assertThat(Files.getPosixFilePermissions(scene.path("new")))
        .isEqualTo(Files.getPosixFilePermissions(scene.path("theirs")));
  }

  @Test
  void aLinkIsWrittenThrough() throws IOException {
    scene.link("link", "file");
    write(scene, "link", WRITE, TRUNCATE_EXISTING);
    assertThat(scene.path("link")).isSymbolicLink();
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  void aLinkIsRefusedWithoutFollowing() throws IOException {
    scene.link("link", "file");
    assertThatThrownBy(() -> write(scene, "link", WRITE, CREATE, TRUNCATE_EXISTING, NOFOLLOW_LINKS))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("NOFOLLOW_LINKS");
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  void otherNamesKeepTheOldFileByDefault() throws IOException {
    Files.createLink(scene.path("other"), scene.path("file"));
    write(scene, "file", WRITE, TRUNCATE_EXISTING);
    assertThat(scene.content("other")).isEqualTo("old");
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  void otherNamesSeeAWriteInPlace() throws IOException {
    Files.createLink(scene.path("other"), scene.path("file"));
    try (Scene inPlace = with("hardLinks", "in_place")) {
      write(inPlace, "file", WRITE, TRUNCATE_EXISTING);
    }
    assertThat(scene.content("other")).isEqualTo("new");
  }

  @Test
  void aFileWithOtherNamesIsRefusedIfAsked() throws IOException {
    Files.createLink(scene.path("other"), scene.path("file"));
    try (Scene refusing = with("hardLinks", "refuse")) {
      assertThatThrownBy(() -> write(refusing, "file", WRITE, TRUNCATE_EXISTING))
          .isInstanceOf(GuaranteeUnavailableException.class);
    }
    assertThat(scene.content("file")).isEqualTo("old");
  }

  @Test
  void withoutTruncationThePendingFileBeginsAsACopy() throws IOException {
    scene.file("file", "old content");
    write(scene, "file", WRITE, SafeOpenOption.PUBLISH_ON_CLOSE);
    assertThat(scene.content("file")).isEqualTo("new content");
  }

  @Test
  @Tag("W1")
  void aFileWithoutANameIsPublishedThroughItsDescriptor() throws IOException {
    // What /dev/stdout leads to when it was redirected: other descriptors of that file must see
    // what is written.
    Path file = scene.path("file");
    try (FileChannel held = FileChannel.open(file, WRITE);
        Scene ambient = Scene.ambient(Path.of("/proc/self/fd"))) {
      String descriptor = descriptorOf(file);
      Object before = Files.readAttributes(file, "unix:ino").get("ino");
      write(ambient, descriptor, WRITE, TRUNCATE_EXISTING);
      assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(before);
      assertThat(held.size()).isEqualTo(3);
    }
  }

  @Test
  @Tag("L3")
  void aFileThatIsGivenToAnotherUserIsStagedOutOfItsReach() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Files.setAttribute(dir, "unix:uid", 1234);
    Files.setAttribute(scene.path("file"), "unix:uid", 1234);
    TracingSyscalls tracing = new TracingSyscalls(Scene.kernel());
    try (Scene traced = Scene.confined(dir, tracing.syscalls(), SafeConfig.confined())) {
      write(traced, "file", WRITE, TRUNCATE_EXISTING);
    }
    assertThat(tracing.names()).contains("mkdirat");
    assertThat(scene.content("file")).isEqualTo("new");
  }

  @Test
  @Tag("G2")
  void aFileThatIsAMountPointIsWrittenInPlaceOrRefused() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    scene.file("source", "old");
    Scene.run("mount", "--bind", scene.path("source").toString(), scene.path("file").toString());
    try (Scene lenient = with("strictness", "best_effort")) {
      assertThatThrownBy(() -> write(scene, "file", WRITE, TRUNCATE_EXISTING))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(scene.content("source")).isEqualTo("old");
      write(lenient, "file", WRITE, TRUNCATE_EXISTING);
      assertThat(scene.content("source")).isEqualTo("new");
      goOnAfterForce(lenient);
    } finally {
      Scene.run("umount", scene.path("file").toString());
    }
  }

  /** As another user's file in a sticky directory is, or one that a security module guards. */
  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.EACCES})
  @Tag("G2")
  void aFileThatMayBeWrittenAndNotRenamedOverIsWrittenInPlaceOrRefused(int errno)
      throws IOException {
    irreplaceable(
        FaultingSyscalls.forever(Scene.kernel(), 1, errno, "renameat", "renameat2").syscalls());
  }

  /** Whatever access(2) says of it. */
  @ParameterizedTest
  @ValueSource(ints = {Errno.EPERM, Errno.EACCES, Errno.EOVERFLOW})
  @Tag("G2")
  void aFileWhereNoneMayBeMadeIsWrittenInPlaceOrRefused(int errno) throws IOException {
    irreplaceable(PoorMount.withoutNewFiles(Scene.kernel(), errno));
  }

  @Test
  @Tag("G2")
  void aFileThatCannotBeGivenBackToItsOwnerIsWrittenInPlaceOrRefused() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Path file = scene.path("file");
    Files.setAttribute(file, "unix:uid", 1234);
    Object key = Files.getAttribute(file, "unix:ino");
    // What the kernel answers a user who may write another one's file.
    irreplaceable(FaultingSyscalls.forever(Scene.kernel(), 1, Errno.EPERM, "fchownat").syscalls());
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(1234);
    assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(key);
  }

  @Test
  @Tag("G2")
  void aFileThatCouldOnlyBeGivenAwayIsWrittenInPlaceOrRefused() throws IOException {
    // What the kernel answers who has CAP_CHOWN, and not CAP_FOWNER, once the owner is another.
    irreplaceable(FaultingSyscalls.forever(Scene.kernel(), 1, Errno.EPERM, "fchmod").syscalls());
  }

  /** In a container it would be given to somebody else, and be setuid of theirs. */
  @Test
  @Tag("G2")
  void aFileOfAnOwnerWithoutANumberIsWrittenInPlaceOrRefused() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Files.setAttribute(scene.path("file"), "unix:uid", 65534);
    Object key = Files.getAttribute(scene.path("file"), "unix:ino");
    irreplaceable(SettingSyscalls.over(Scene.kernel(), "/proc/self/uid_map", "0 200000 65536\n"));
    assertThat(Files.getAttribute(scene.path("file"), "unix:ino")).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"i", "a"})
  @Tag("G2")
  void aFileInAnImmutableOrAppendOnlyDirectoryIsWrittenInPlaceOrRefused(String flag)
      throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Path immutable = Files.createTempDirectory(Path.of("target"), "immutable");
    Path file = Files.writeString(immutable.resolve("file"), "old");
    Scene.run("chattr", "+" + flag, immutable.toString());
    try (Scene strict = Scene.confined(immutable);
        Scene lenient =
            Scene.confined(
                immutable,
                Scene.kernel(),
                SafeConfig.confined().with("strictness", "best_effort"))) {
      assertThatThrownBy(() -> write(strict, "file", WRITE, TRUNCATE_EXISTING))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(Files.readString(file)).isEqualTo("old");
      write(lenient, "file", WRITE, TRUNCATE_EXISTING);
      assertThat(Files.readString(file)).isEqualTo("new");
      assertThatThrownBy(() -> Linker.replaceSymbolicLink(lenient.place("file"), "x"))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(
              () ->
                  Deleter.deleteIfSame(lenient.place("file"), Files.getAttribute(file, "fileKey")))
          .isInstanceOf(FileSystemException.class);
      assertThat(lenient.names()).containsExactly("file");
    } finally {
      Scene.run("chattr", "-" + flag, immutable.toString());
      Files.delete(file);
      Files.delete(immutable);
    }
  }

  private void irreplaceable(Syscalls sys) throws IOException {
    try (Scene strict = Scene.confined(dir, sys, SafeConfig.confined());
        Scene lenient =
            Scene.confined(dir, sys, SafeConfig.confined().with("strictness", "best_effort"))) {
      assertThatThrownBy(() -> write(strict, "file", WRITE, TRUNCATE_EXISTING))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThat(scene.content("file")).isEqualTo("old");
      write(lenient, "file", WRITE, TRUNCATE_EXISTING);
      assertThat(scene.content("file")).isEqualTo("new");
      goOnAfterForce(lenient);
      assertThat(scene.names()).noneMatch(name -> name.startsWith(".safefs-"));
    }
  }

  /**
   * Promise W3: neither what was forced nor what is written after it goes to a file without name.
   */
  private void goOnAfterForce(Scene lenient) throws IOException {
    for (Set<OpenOption> options :
        List.<Set<OpenOption>>of(
            Set.of(WRITE, TRUNCATE_EXISTING), Set.of(WRITE, TRUNCATE_EXISTING, SYNC))) {
      OpenRequest request = OpenRequest.parse(options, lenient.config);
      try (FileChannel channel = Opener.open(lenient.place("file"), request)) {
        channel.write(ByteBuffer.wrap("forced".getBytes(StandardCharsets.UTF_8)));
        channel.force(true);
        assertThat(scene.content("file")).isEqualTo("forced");
        channel.write(ByteBuffer.wrap(" and more".getBytes(StandardCharsets.UTF_8)));
      }
      assertThat(scene.content("file")).isEqualTo("forced and more");
    }
  }

  private static String descriptorOf(Path file) throws IOException {
    try (var descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        if (Files.isSymbolicLink(descriptor) && Files.readSymbolicLink(descriptor).equals(file)) {
          return descriptor.getFileName().toString();
        }
      }
    }
    throw new AssertionError("not open");
  }
}
