package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.JdkPaths;
import dev.safefs.PlayedProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A directory that may be read and not be searched, mode 0600: its names can be listed, and what a
 * stream has open is at hand without a way to it.
 */
@Tag("S1")
class UnsearchableDirectoryTest {
  private static final Set<PosixFilePermission> ALL = PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> READ_AND_WRITE =
      PosixFilePermissions.fromString("rw-------");

  @TempDir Path temporary;
  private Path host;
  private FileSystemProvider provider;

  @BeforeEach
  void plant() throws IOException {
    host = JdkPaths.of(temporary).toRealPath();
    Files.createDirectories(host.resolve("dir/in"));
    Files.writeString(host.resolve("dir/file"), "file");
    provider = PlayedProvider.over(PoorMount::withUnsearchableDirectories);
  }

  @AfterEach
  void letTheTreeBeDeleted() throws IOException {
    Files.setPosixFilePermissions(host.resolve("dir"), ALL);
  }

  /** Does something with the directory {@code dir}. */
  private interface Work {
    void on(Path dir) throws IOException;
  }

  private void with(String kind, Work work) throws IOException {
    URI uri = URI.create("safe://" + host.toUri().getRawPath());
    if (kind.equals("ambient")) {
      work.on(provider.getPath(uri).resolve("dir"));
    } else {
      try (FileSystem safe = provider.newFileSystem(uri, Map.of())) {
        work.on(safe.getPath("dir"));
      }
    }
  }

  private void deny() throws IOException {
    Files.setPosixFilePermissions(host.resolve("dir"), READ_AND_WRITE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ambient", "confined"})
  void itsNamesAreListed(String kind) throws IOException {
    deny();
    with(
        kind,
        dir -> {
          try (Stream<Path> entries = Files.list(dir)) {
            assertThat(entries).containsExactlyInAnyOrder(dir.resolve("in"), dir.resolve("file"));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ambient", "confined"})
  void aStreamHasTheAttributesOfItsDirectoryAtHand(String kind) throws IOException {
    with(
        kind,
        dir -> {
          try (SecureDirectoryStream<Path> stream = open(dir)) {
            deny();
            assertThat(
                    stream
                        .getFileAttributeView(BasicFileAttributeView.class)
                        .readAttributes()
                        .isDirectory())
                .isTrue();
            stream.getFileAttributeView(PosixFileAttributeView.class).setPermissions(ALL);
          }
        });
    assertThat(Files.getPosixFilePermissions(host.resolve("dir"))).isEqualTo(ALL);
  }

  private static SecureDirectoryStream<Path> open(Path dir) throws IOException {
    return (SecureDirectoryStream<Path>) Files.newDirectoryStream(dir);
  }
}
