package dev.safefs.matrix;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.AnonymousFile;
import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.SafeFiles;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Files without a name on each kind of file system that this machine can mount, those of FUSE
 * included, which have no O_TMPFILE, and one without hard links.
 */
@Tag("root")
@Tag("T1")
class AnonymousFileTest {
  private static FileSystem confined(Path root) throws IOException {
    return FileSystems.newFileSystem(URI.create("safe://" + root.toUri().getRawPath()), Map.of());
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @EnumSource
  void itIsSeenByNobodyUntilItIsPublishedWhole(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind);
        FileSystem safe = confined(mount.root())) {
      Path dir = Files.createDirectory(safe.getPath("/dir"));
      Path seen = mount.root().resolve("dir");
      Files.writeString(seen.resolve("taken"), "old");
      try (AnonymousFile file = SafeFiles.anonymousFile(dir)) {
        FileChannel channel = file.channel();
        channel.write(bytes("content"));
        channel.position(0);
        ByteBuffer read = ByteBuffer.allocate(7);
        channel.read(read);
        assertThat(new String(read.array(), UTF_8)).isEqualTo("content");
        for (String name : names(seen)) {
          assertPrivate(kind, seen.resolve(name));
        }
        assertThatThrownBy(() -> file.publish(dir.resolve("taken")))
            .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Files.readString(dir.resolve("taken"))).isEqualTo("old");

        file.publish(dir.resolve("taken"), REPLACE_EXISTING);
        assertThat(Files.readString(seen.resolve("taken"))).isEqualTo("content");
        if (kind.hasLinks()) {
          file.publish(dir.resolve("free"));
          assertThat(Files.isSameFile(seen.resolve("free"), seen.resolve("taken"))).isTrue();
        } else {
          // Neither link nor exclusive rename: nothing can be published whole and exclusively.
          assertThatThrownBy(() -> file.publish(dir.resolve("free")))
              .isInstanceOf(GuaranteeUnavailableException.class);
        }
      }
      List<String> published = kind.hasLinks() ? List.of("free", "taken") : List.of("taken");
      assertThat(names(seen)).isEqualTo(published);
      SafeFiles.anonymousFile(dir).close();
      assertThat(names(seen)).isEqualTo(published);
    }
  }

  /** What is there besides is a private directory, where the file system knows modes. */
  private static void assertPrivate(FileSystemKind kind, Path path) throws IOException {
    String name = path.getFileName().toString();
    if (name.equals("taken")) {
      return;
    }
    assertThat(kind.isPoor()).as("%s without O_TMPFILE: %s", kind, name).isTrue();
    assertThat(name).startsWith(".safefs-");
    if (kind.hasLinks()) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rwx------");
    }
  }

  /** The same through the options of NIO, which never publish. */
  @ParameterizedTest
  @EnumSource
  @Tag("D1")
  void whatIsDeletedOnCloseHasNoNameThatLasts(FileSystemKind kind) throws Exception {
    try (Mount mount = Mount.of(kind);
        FileSystem safe = confined(mount.root())) {
      Path path = Files.createDirectory(safe.getPath("/dir")).resolve("scratch");
      assertDeletedOnClose(mount, path, StandardOpenOption.CREATE_NEW);
      Files.writeString(mount.root().resolve("dir/scratch"), "old");
      assertDeletedOnClose(mount, path, StandardOpenOption.CREATE);
    }
  }

  private static void assertDeletedOnClose(Mount mount, Path path, StandardOpenOption creation)
      throws Exception {
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            creation,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      channel.write(bytes("content"));
      ByteBuffer read = ByteBuffer.allocate(7);
      channel.read(read, 0);
      assertThat(new String(read.array(), UTF_8)).isEqualTo("content");
      assertThat(Files.exists(mount.root().resolve("dir/scratch"))).isFalse();
    }
    assertNothingLeft(mount.root().resolve("dir"));
  }

  /** A server of FUSE removes what was open a moment after it was closed. */
  private static void assertNothingLeft(Path directory) throws Exception {
    for (int i = 0; i < 50 && !names(directory).isEmpty(); i++) {
      Thread.sleep(20);
    }
    assertThat(names(directory)).isEmpty();
  }
}
