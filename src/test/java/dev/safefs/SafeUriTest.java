package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemAlreadyExistsException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** URIs of the scheme {@code safe}. */
class SafeUriTest {
  private final SafeFileSystemProvider provider = new SafeFileSystemProvider();

  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/etc/hosts",
        "/a b",
        "/100%",
        "/a!b",
        "/a!/b",
        "/!",
        "/ünï/日本",
        "/a?b#c",
        "/\"<>[]^`{|}\\",
        "/\uD83D\uDE00"
      })
  void anAmbientUriRoundTrips(String text) {
    Path path = provider.ambient().getPath(text);

    assertThat(path.toUri().getScheme()).isEqualTo("safe");
    assertThat(provider.getPath(path.toUri())).isEqualTo(path);
    assertThat(provider.getPath(URI.create(path.toUri().toString()))).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/a b", "/a!b", "/a!/b", "/ünï", "/100%"})
  void aConfinedUriRoundTrips(String text) throws IOException {
    try (FileSystem confined = provider.newFileSystem(uri(dir), Map.of())) {
      Path path = confined.getPath(text);

      assertThat(path.toUri().toString()).startsWith(uri(dir.toRealPath()) + "!/");
      assertThat(provider.getPath(path.toUri())).isEqualTo(path);
    }
  }

  @Test
  void bytesThatAreNotUtf8RoundTrip() {
    Path path = provider.getPath(URI.create("safe:///tmp/%ff%fe%41"));

    assertThat(path.toUri()).hasToString("safe:///tmp/%FF%FEA");
    assertThat(provider.getPath(path.toUri())).isEqualTo(path);
  }

  @Test
  void anExclamationMarkInANameEndsNoRoot() {
    assertThat(provider.ambient().getPath("/a!/b").toUri()).hasToString("safe:///a%21/b");
    assertThat(provider.getPath(URI.create("safe:///a!"))).hasToString("/a!");
    for (String text : new String[] {"/q!r.txt", "/!", "/a/!!/b!"}) {
      Path path = provider.ambient().getPath(text);
      assertThat(provider.getPath(path.toUri())).isEqualTo(path);
    }
    assertThat(provider.ambient().getPath("/q!r.txt").toUri()).hasToString("safe:///q!r.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "safe:a",
        "safe://host/a",
        "safe:///a?q",
        "safe:///a#f",
        "safe:///a%00b",
        "file:///a",
        "/a"
      })
  @Tag("K5")
  void aUriThatNamesNoFileIsRefused(String text) {
    assertThatThrownBy(() -> provider.getPath(URI.create(text)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> provider.getFileSystem(URI.create(text)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> provider.newFileSystem(URI.create(text), Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theAmbientFileSystemIsAlwaysThere() {
    URI uri = URI.create("safe:///");

    assertThat(provider.getFileSystem(uri)).isSameAs(provider.ambient());
    assertThatThrownBy(() -> provider.newFileSystem(uri, Map.of()))
        .isInstanceOf(FileSystemAlreadyExistsException.class);
    assertThatThrownBy(() -> provider.ambient().close())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void aConfinedFileSystemIsRegisteredUntilItIsClosed() throws IOException {
    URI uri = uri(dir);
    assertThatThrownBy(() -> provider.getFileSystem(uri))
        .isInstanceOf(FileSystemNotFoundException.class);
    assertThatThrownBy(() -> provider.getPath(URI.create(uri + "!/a")))
        .isInstanceOf(FileSystemNotFoundException.class);

    FileSystem confined = provider.newFileSystem(uri, Map.of());
    assertThat(provider.getFileSystem(uri)).isSameAs(confined);
    assertThat(provider.getFileSystem(URI.create(uri + "!/"))).isSameAs(confined);
    assertThatThrownBy(() -> provider.newFileSystem(uri, Map.of()))
        .isInstanceOf(FileSystemAlreadyExistsException.class);
    confined.close();
    confined.close();

    assertThatThrownBy(() -> provider.getFileSystem(uri))
        .isInstanceOf(FileSystemNotFoundException.class);
    provider.newFileSystem(uri, Map.of()).close();
  }

  @Test
  void aRootIsKnownByItsRealPath() throws IOException {
    Path link =
        Files.createSymbolicLink(dir.resolve("link"), Files.createDirectory(dir.resolve("real")));

    try (FileSystem confined = provider.newFileSystem(uri(link), Map.of())) {
      assertThat(provider.getFileSystem(uri(dir.resolve("real")))).isSameAs(confined);
      assertThatThrownBy(() -> provider.newFileSystem(uri(dir.resolve("real")), Map.of()))
          .isInstanceOf(FileSystemAlreadyExistsException.class);
    }
  }

  @Test
  void aRootMustBeADirectory() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));

    assertThatThrownBy(() -> provider.newFileSystem(uri(file), Map.of()))
        .isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> provider.newFileSystem(uri(dir.resolve("none")), Map.of()))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> provider.newFileSystem(file, Map.of()))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> provider.newFileSystem(dir.resolve("none"), Map.of()))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  private static URI uri(Path path) {
    return URI.create("safe://" + path.toUri().getRawPath().replaceAll("/$", ""));
  }
}
