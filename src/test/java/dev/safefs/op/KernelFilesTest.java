package dev.safefs.op;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.TracingSyscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files by which the kernel is told something: they are written as they are, strict or not. */
@Tag("W1")
class KernelFilesTest {
  @TempDir Path dir;

  private static void assertTold(Path directory, String name, String text) throws IOException {
    TracingSyscalls tracing = new TracingSyscalls(Scene.kernel());
    try (Scene strict = Scene.confined(directory, tracing.syscalls(), SafeConfig.confined())) {
      OpenRequest request = OpenRequest.parse(Set.of(WRITE, TRUNCATE_EXISTING), strict.config);
      try (FileChannel channel = Opener.open(strict.place(name), request)) {
        channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
      }
    }
    assertThat(Files.readString(directory.resolve(name))).isEqualTo(text + "\n");
    // What is made beside it would be a group of processes.
    assertThat(tracing.names()).doesNotContain("mkdirat", "linkat", "renameat", "renameat2");
  }

  /** Where a directory is a group, none is made in passing, nor left. */
  private void assertNothingIsMadeThere(Path group) throws IOException {
    Path directory = Files.createDirectory(group.resolve("inner"));
    TracingSyscalls tracing = new TracingSyscalls(Scene.kernel());
    try (Scene scene = Scene.confined(dir, tracing.syscalls(), SafeConfig.confined())) {
      String inner = dir.relativize(directory).toString();
      assertThatThrownBy(() -> scene.move(inner, inner + "-moved"))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(
              () -> scene.copy("cgroup.procs", inner + "/cgroup.max.depth", REPLACE_EXISTING))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> scene.copy("cgroup.procs", inner + "/new"))
          .isInstanceOf(FileSystemException.class);
      assertThat(tracing.names()).doesNotContain("mkdirat");
      Deleter.delete(scene.place(inner));
    } finally {
      Files.deleteIfExists(directory);
    }
  }

  @Test
  void ofProcfs() throws IOException {
    String before = Files.readString(Path.of("/proc/self/comm"));
    assertTold(Path.of("/proc/self"), "comm", "safefs");
    Files.writeString(Path.of("/proc/self/comm"), before);
  }

  @Test
  @Tag("root")
  void ofACgroup() throws IOException {
    Scene.run("mount", "-t", "cgroup2", "none", dir.toString());
    try {
      Path group = Files.createTempDirectory(dir, "safefs");
      try {
        assertTold(group, "cgroup.max.depth", "5");
        assertNothingIsMadeThere(group);
      } finally {
        Files.delete(group);
      }
    } finally {
      Scene.run("umount", dir.toString());
    }
  }

  /**
   * Of the first version groups are renamed: by a call that takes no flag, and replaces no group.
   */
  @Test
  @Tag("root")
  @Tag("M1")
  void aGroupIsRenamedAndReplacesNone() throws IOException {
    Requirement.present(
        Files.readString(Path.of("/proc/filesystems")).contains("\tcgroup\n"), "cgroup");
    Scene.run("mount", "-t", "cgroup", "-o", "none,name=safefs-test", "none", dir.toString());
    Path group = Files.createDirectory(dir.resolve("group"));
    Path other = Files.createDirectory(dir.resolve("other"));
    Path renamed = dir.resolve("renamed");
    TracingSyscalls tracing = new TracingSyscalls(Scene.kernel());
    try (Scene scene = Scene.confined(dir, tracing.syscalls(), SafeConfig.confined())) {
      Object key = Files.readAttributes(group, BasicFileAttributes.class).fileKey();
      scene.move("group", "renamed");
      assertThat(group).doesNotExist();
      assertThat(Files.readAttributes(renamed, BasicFileAttributes.class).fileKey()).isEqualTo(key);
      scene.move("renamed", "renamed");
      assertThatThrownBy(() -> scene.move("renamed", "other"))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThatThrownBy(() -> scene.move("group", "new")).isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> scene.move("tasks", "new"))
          .isExactlyInstanceOf(FileSystemException.class);
      assertThat(tracing.names()).doesNotContain("mkdirat");
    } finally {
      for (Path each : List.of(group, other, renamed)) {
        Files.deleteIfExists(each);
      }
      Scene.run("umount", dir.toString());
    }
  }

  /** Where programs of the kernel are kept, a directory is renamed over an empty one. */
  @Test
  @Tag("root")
  @Tag("M1")
  @Tag("K4")
  void noDirectoryIsRenamedWithoutTheFlagWhereThatReplaces() throws IOException {
    Requirement.present(Files.readString(Path.of("/proc/filesystems")).contains("\tbpf\n"), "bpf");
    Scene.run("mount", "-t", "bpf", "none", dir.toString());
    Path source = Files.createDirectory(dir.resolve("source"));
    Path target = dir.resolve("target");
    TracingSyscalls tracing = new TracingSyscalls(Scene.kernel());
    DenyingSyscalls denying =
        new DenyingSyscalls(tracing.syscalls()).deny(Errno.ENOSYS, "renameat2");
    try (Scene scene = Scene.confined(dir, denying.syscalls(), SafeConfig.confined())) {
      assertThatThrownBy(() -> scene.move("source", "target"))
          .isInstanceOf(FileSystemException.class);
      assertThat(source).exists();
      assertThat(tracing.names()).doesNotContain("renameat", "mkdirat");
      // control: another's, that came after the look at the name
      Files.createDirectory(target);
      Files.move(source, target, ATOMIC_MOVE);
      assertThat(source).doesNotExist();
    } finally {
      Files.deleteIfExists(source);
      Files.deleteIfExists(target);
      Scene.run("umount", dir.toString());
    }
  }
}
