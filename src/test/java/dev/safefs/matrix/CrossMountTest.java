package dev.safefs.matrix;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeFiles;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Moves between mounts, where only the rename itself tells that it cannot be: with one device, and
 * with two.
 */
@Tag("root")
@Tag("M3")
class CrossMountTest {
  private static final byte[] CONTENT = "content".repeat(20_000).getBytes();

  /** Without toUri(), which follows a link, and that is an access. */
  private static Path safe(Path path) {
    return Path.of(URI.create("safe:///")).resolve(path.toString());
  }

  private static void move(Path source, Path target) throws IOException {
    Files.move(safe(source), safe(target));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static Map<String, Object> attributes(Path file) throws IOException {
    return Files.readAttributes(file, "unix:mode,uid,gid,rdev,lastModifiedTime", NOFOLLOW_LINKS);
  }

  @ParameterizedTest
  @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS", "BINDFS"})
  void betweenTwoMountsOfOneFileSystem(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind)) {
      Path here = mount.root();
      Path there = mount.beside("again");
      mount.mount(there, "--bind", here.toString());
      assertThat(Files.getAttribute(there, "unix:dev"))
          .isEqualTo(Files.getAttribute(here, "unix:dev"));
      Path file = Files.write(here.resolve("file"), CONTENT);
      Map<String, Object> before = attributes(file);

      assertThatThrownBy(() -> Files.move(safe(file), safe(there.resolve("x")), ATOMIC_MOVE))
          .isInstanceOf(AtomicMoveNotSupportedException.class);
      // M4: one file by two paths.
      Files.move(safe(file), safe(there.resolve("file")), REPLACE_EXISTING);
      assertThat(names(here)).contains("file");

      move(file, there.resolve("moved"));
      assertThat(names(here)).contains("moved").doesNotContain("file");
      assertThat(Files.readAllBytes(here.resolve("moved"))).isEqualTo(CONTENT);
      assertThat(attributes(here.resolve("moved"))).isEqualTo(before);
      assertThat(names(here)).noneMatch(name -> name.startsWith(".safefs-"));
    }
  }

  @Test
  void betweenSubvolumesOfBtrfs() throws Exception {
    try (Mount mount = Mount.of(FileSystemKind.BTRFS)) {
      Path volume = mount.root().resolve("volume");
      Machine.run("btrfs", "subvolume", "create", volume.toString());
      Path file = Files.write(mount.root().resolve("file"), CONTENT);
      move(file, volume.resolve("file"));
      assertThat(Files.readAllBytes(volume.resolve("file"))).isEqualTo(CONTENT);
      assertThat(names(mount.root())).containsExactly("volume");
    }
  }

  @Test
  void directoriesOfALowerLayer() throws Exception {
    try (Mount mount = Mount.of(FileSystemKind.OVERLAY)) {
      Path lower = mount.root().resolve("directory");
      assertThatThrownBy(() -> move(lower, mount.root().resolve("moved")))
          .isInstanceOf(DirectoryNotEmptyException.class);
      assertThat(Files.readString(lower.resolve("inner"))).isEqualTo("inner");
      SafeFiles.moveTree(safe(lower), safe(mount.root().resolve("moved")));
      assertThat(Files.readString(mount.root().resolve("moved/inner"))).isEqualTo("inner");
      assertThat(names(mount.root())).containsExactly("moved");
    }
  }

  @Test
  void specialFilesAreMadeAgain() throws Exception {
    try (Mount from = Mount.of(FileSystemKind.TMPFS);
        Mount to = Mount.of(FileSystemKind.EXT4)) {
      Path room = from.root();
      Machine.run("mkfifo", "-m", "640", room.resolve("fifo").toString());
      Machine.run("mknod", "-m", "604", room.resolve("device").toString(), "c", "1", "3");
      Machine.run("chown", "12:34", room.resolve("device").toString());
      try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        socket.bind(UnixDomainSocketAddress.of(room.resolve("socket")));
      }
      for (String name : List.of("fifo", "device", "socket")) {
        Map<String, Object> before = attributes(room.resolve(name));
        move(room.resolve(name), to.root().resolve(name));
        assertThat(attributes(to.root().resolve(name))).as(name).isEqualTo(before);
      }
      assertThat(names(room)).isEmpty();
    }
  }

  /** Mode with setuid, owner, times in nanoseconds, ACL, and extended attributes of two kinds. */
  @Test
  void everyAttributeArrives() throws Exception {
    try (Mount from = Mount.of(FileSystemKind.EXT4);
        Mount to = Mount.of(FileSystemKind.XFS)) {
      Files.write(from.root().resolve("file"), CONTENT);
      Files.createDirectory(from.root().resolve("directory"));
      Files.createSymbolicLink(from.root().resolve("link"), Path.of("nowhere"));
      for (String name : List.of("file", "directory", "link")) {
        String source = from.root().resolve(name).toString();
        Machine.run("chown", "-h", "12:34", source);
        if (!name.equals("link")) {
          Machine.run("chmod", "4751", source);
          Machine.run("setfacl", "-m", "u:56:rwx", source);
          Machine.run("setfattr", "-n", "user.label", "-v", "mine", source);
        }
        Machine.run("setfattr", "-h", "-n", "trusted.label", "-v", "ours", source);
        Machine.run("touch", "-h", "-d", "2001-02-03 04:05:06.123456789", source);
        String before = allAttributes(from.root(), name);
        assertThat(before).contains("123456789").contains("trusted.label");
        move(from.root().resolve(name), to.root().resolve(name));
        assertThat(allAttributes(to.root(), name)).isEqualTo(before);
      }
      assertThat(names(from.root())).doesNotContain("file", "directory", "link");
    }
  }

  private static String allAttributes(Path directory, String name) throws IOException {
    boolean link = name.equals("link");
    String acl = link ? "true" : "getfacl -cn " + name;
    String all =
        String.format(
            "cd %s && %s && getfattr -h -d -m '^user|^trusted.label' %s && stat -c '%%f %%u %%g %%x %%y' %s",
            directory, acl, name, name);
    return Machine.run("sh", "-c", all);
  }

  @Test
  void anotherHardLinkOfTheSourceStays() throws Exception {
    try (Mount from = Mount.of(FileSystemKind.TMPFS);
        Mount to = Mount.of(FileSystemKind.EXT4)) {
      Path file = Files.write(from.root().resolve("file"), CONTENT);
      Path other = Files.createLink(from.root().resolve("other"), file);
      move(file, to.root().resolve("file"));
      assertThat(Files.readAllBytes(other)).isEqualTo(CONTENT);
      assertThat(Files.getAttribute(other, "unix:nlink")).isEqualTo(1);
      assertThat(Files.getAttribute(to.root().resolve("file"), "unix:nlink")).isEqualTo(1);
    }
  }

  @Test
  @Tag("K3")
  void aFullTargetKeepsSourceAndOldTarget() throws Exception {
    try (Mount from = Mount.of(FileSystemKind.EXT4);
        Mount to = Mount.of(FileSystemKind.TMPFS)) {
      to.mount(to.root(), "-o", "remount,size=1m");
      Path source = Files.write(from.root().resolve("file"), new byte[4 << 20]);
      Path target = Files.writeString(to.root().resolve("file"), "old");
      for (boolean moved : new boolean[] {true, false}) {
        assertThatThrownBy(
                () -> {
                  if (moved) {
                    Files.move(safe(source), safe(target), REPLACE_EXISTING);
                  } else {
                    Files.copy(safe(source), safe(target), REPLACE_EXISTING);
                  }
                })
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("ENOSPC");
        assertThat(Files.readString(target)).isEqualTo("old");
        assertThat(Files.size(source)).isEqualTo(4 << 20);
        assertThat(names(to.root())).containsExactly("file");
      }
      // control: the JDK has removed the target by then
      assertThatThrownBy(() -> Files.move(source, target, REPLACE_EXISTING))
          .isInstanceOf(IOException.class);
      assertThat(Files.exists(target)).isFalse();
    }
  }
}
