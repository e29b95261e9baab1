package dev.safefs.linux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.Requirement;
import dev.safefs.handle.FileHandle;
import dev.safefs.request.Access;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(LeakCheck.class)
@Tag("W4")
class XattrsTest {
  /** Version 2; user rw, user 1234 r, group r, mask r, other none. */
  private static final byte[] ACL = acl(1234);

  @TempDir Path temp;
  private Path source;
  private Path target;

  @BeforeEach
  void plantFiles() throws IOException {
    source = Files.createFile(temp.resolve("source"));
    target = Files.createFile(temp.resolve("target"));
  }

  private static byte[] acl(int user) {
    ByteBuffer acl = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN).putInt(2);
    int[][] entries = {{1, 6, -1}, {2, 4, user}, {4, 4, -1}, {16, 4, -1}, {32, 0, -1}};
    for (int[] entry : entries) {
      acl.putShort((short) entry[0]).putShort((short) entry[1]).putInt(entry[2]);
    }
    return acl.array();
  }

  private static Xattrs xattrs(FileHandle handle) {
    return ((FdFile) handle).xattrs();
  }

  private static void set(Path path, String name, byte[] value) throws IOException {
    try (FileHandle handle = Machine.handle(path)) {
      int result = xattrs(handle).set(name, value);
      Requirement.present(result != -Errno.EOPNOTSUPP, name + " on the temporary directory");
      assertThat(result).isZero();
    }
  }

  private static List<String> list(Path path) throws IOException {
    try (FileHandle handle = Machine.handle(path)) {
      return xattrs(handle).list().names();
    }
  }

  private void copy(Syscalls sys) throws IOException {
    LinuxEngine engine = Machine.engine(sys);
    try (FileHandle from = engine.ambient().open(Machine.route(source), LinkMode.NOFOLLOW);
        FileHandle path = engine.ambient().open(Machine.route(target), LinkMode.NOFOLLOW);
        FileHandle to = path.reopen(Access.WRITE)) {
      from.copyExtendedAttributesTo(to);
    }
  }

  @Test
  void everyAttributeIsCarriedOverAndTheTargetsOwnRemoved() throws IOException {
    set(source, "user.a", "1".getBytes(UTF_8));
    set(source, "user.empty", new byte[0]);
    set(source, "user.large", new byte[3000]);
    set(source, "system.posix_acl_access", ACL);
    set(target, "user.a", "2".getBytes(UTF_8));
    set(target, "user.stale", "x".getBytes(UTF_8));

    copy(Machine.kernel());

    assertThat(list(target)).containsExactlyInAnyOrderElementsOf(list(source));
    assertThat((byte[]) Files.getAttribute(target, "user:a")).asString().isEqualTo("1");
    assertThat((byte[]) Files.getAttribute(target, "user:large")).hasSize(3000);
    try (FileHandle handle = Machine.handle(target)) {
      byte[] acl = new byte[44];
      assertThat(xattrs(handle).get("system.posix_acl_access", acl)).isEqualTo(44);
      assertThat(acl).isEqualTo(ACL);
    }
  }

  @Test
  void anInheritedAclDoesNotStay() throws IOException {
    Path dir = Files.createDirectory(temp.resolve("dir"));
    set(dir, "system.posix_acl_default", ACL);
    target = Files.createFile(dir.resolve("target"));
    assertThat(list(target)).contains("system.posix_acl_access");

    copy(Machine.kernel());

    assertThat(list(target)).doesNotContain("system.posix_acl_access");
  }

  @Test
  void trustedAttributesAreCarriedOver() throws IOException {
    Requirement.present(Machine.isRoot(), "root");
    set(source, "trusted.a", "1".getBytes(UTF_8));

    copy(Machine.kernel());

    assertThat(list(target)).contains("trusted.a");
  }

  @Test
  void theFirstFailureIsNamedAndTheOthersAreCarriedOver() throws IOException {
    set(source, "user.a", "1".getBytes(UTF_8));
    set(source, "user.b", "2".getBytes(UTF_8));
    Syscalls failing =
        Machine.failing(
            Errno.ENOSPC,
            "fsetxattr",
            args -> Arrays.equals((byte[]) args[1], "user.a\0".getBytes(UTF_8)));

    assertThatThrownBy(() -> copy(failing))
        .isExactlyInstanceOf(FileSystemException.class)
        .hasMessage(target + ": setxattr: ENOSPC (No space left on device): user.a");
    assertThat(list(target)).containsExactly("user.b");
  }

  @Test
  void aFileSystemWithoutAttributesHasNone() throws IOException {
    Syscalls none =
        new DenyingSyscalls(Machine.kernel())
            .deny(Errno.EOPNOTSUPP, "listxattr", "flistxattr")
            .syscalls();
    set(target, "user.kept", "x".getBytes(UTF_8));

    copy(none);

    assertThat(list(target)).containsExactly("user.kept");
  }

  @Test
  void equalAttributesAreNotWritten() throws IOException {
    set(source, "user.a", "1".getBytes(UTF_8));
    set(target, "user.a", "1".getBytes(UTF_8));
    Syscalls denied =
        new DenyingSyscalls(Machine.kernel()).deny(Errno.EPERM, "fsetxattr").syscalls();

    copy(denied);
  }

  @Test
  void aListLongerThanTheBufferIsReadWhole() throws IOException {
    for (int i = 0; i < 30; i++) {
      set(source, "user." + "n".repeat(60) + i, new byte[0]);
    }

    assertThat(list(source)).hasSize(30);
  }
}
