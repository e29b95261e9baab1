package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lossless text of the delegate's paths. */
class PathCodecTest {
  private final FileSystem delegate = FileSystems.getDefault();
  private final PathCodec codec = new PathCodec(delegate, "UTF-8");

  /** As on a host without a locale, where only ASCII text is safe. */
  private final PathCodec ascii = new PathCodec(delegate, "ANSI_X3.4-1968");

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "a", "/a/b", "../a/./b", "a b%20!", "/tmp", "ü/x", "/ü"})
  void textRoundTrips(String text) {
    assertThat(codec.text(codec.path(text))).isEqualTo(text);
    assertThat(codec.path(text)).isEqualTo(Path.of(text));
    assertThat(ascii.text(Path.of(text))).isEqualTo(text);
    assertThat(ascii.path(text)).isEqualTo(Path.of(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%ff", "/tmp/a%fe/%C3%BC", "/tmp/%EF%BF%BD", "/%ff/../."})
  void bytesRoundTrip(String raw) {
    Path path = Path.of(URI.create("file://" + raw));

    String text = codec.text(path);

    assertThat(codec.path(text)).isEqualTo(path);
    assertThat(ascii.text(path)).isEqualTo(text);
    assertThat(ascii.path(text)).isEqualTo(path);
  }

  @Test
  void aRelativePathOfBytesStaysRelative() {
    Path path = Path.of(URI.create("file:///%ff/%fe")).subpath(0, 2);

    assertThat(codec.text(path)).isEqualTo("\uDCFF/\uDCFE");
    assertThat(codec.path("\uDCFF/\uDCFE")).isEqualTo(path);
  }
}
