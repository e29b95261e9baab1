package dev.safefs.op;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeConfig;
import dev.safefs.SafeOpenOption;
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
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mount that has files without a name, and a kernel that lets them have none: by descriptor
 * without the privilege (ENOENT), filtered (EPERM), or not there (ENOSYS). They are published as
 * staged copies.
 */
@Tag("K4")
class UnlinkableFileTest {
  private static final SafeConfig DURABLE =
      SafeConfig.confined().with("durability", "FILE_AND_NAME");

  @TempDir Path base;

  private TracingSyscalls tracing;

  private Scene without(int errno) throws IOException {
    tracing =
        new TracingSyscalls(new DenyingSyscalls(Scene.kernel()).deny(errno, "linkat").syscalls());
    return Scene.confined(base, tracing.syscalls(), DURABLE);
  }

  @AfterEach
  void noStrayNameIsLeft() throws IOException {
    try (var all = Files.list(base)) {
      assertThat(all.map(path -> path.getFileName().toString())).containsExactly("file");
    }
  }

  private static FileChannel open(Scene scene, OpenOption... options) throws IOException {
    return Opener.open(scene.place("file"), OpenRequest.parse(Set.of(options), scene.config));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOENT, Errno.EPERM, Errno.ENOSYS})
  @Tag("W4")
  void aCopyReplacesTheFileWithAllItHas(int errno) throws IOException {
    try (Scene scene = without(errno)) {
      Path file = scene.file("file", "old");
      Files.setAttribute(file, "unix:mode", 0751);
      Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
          .write("note", bytes("x"));
      try (FileChannel channel = open(scene, WRITE, TRUNCATE_EXISTING)) {
        channel.write(bytes("new"));
        assertThat(scene.content("file")).isEqualTo("old");
      }
      assertThat(scene.content("file")).isEqualTo("new");
      assertThat((int) Files.getAttribute(file, "unix:mode") & 07777).isEqualTo(0751);
      assertThat(Files.getFileAttributeView(file, UserDefinedFileAttributeView.class).list())
          .containsExactly("note");
      // The nameless one, then the copy, then the directory.
      assertThat(tracing.count("fsync")).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOENT, Errno.EPERM, Errno.ENOSYS})
  @Tag("M1")
  void aCopyGetsANewNameExclusively(int errno) throws IOException {
    try (Scene scene = without(errno)) {
      FileChannel loser = open(scene, WRITE, CREATE_NEW, SafeOpenOption.PUBLISH_ON_CLOSE);
      try (FileChannel channel = open(scene, WRITE, CREATE, TRUNCATE_EXISTING)) {
        channel.write(bytes("new"));
      }
      assertThat(scene.content("file")).isEqualTo("new");
      assertThatThrownBy(loser::close).isInstanceOf(FileAlreadyExistsException.class);
      assertThat(scene.content("file")).isEqualTo("new");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.ENOENT, Errno.EPERM, Errno.ENOSYS})
  @Tag("W3")
  void aForcePublishesAndSaysThatTheChannelCannotGoOn(int errno) throws IOException {
    try (Scene scene = without(errno)) {
      scene.file("file", "old");
      FileChannel channel = open(scene, WRITE, TRUNCATE_EXISTING);
      channel.write(bytes("new"));
      assertThatThrownBy(() -> channel.force(true))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("/file")
          .hasMessageContaining("published, but");
      assertThat(scene.content("file")).isEqualTo("new");
      assertThatThrownBy(channel::close).isInstanceOf(FileSystemException.class);
      channel.close();
      assertThat(scene.content("file")).isEqualTo("new");
    }
  }
}
