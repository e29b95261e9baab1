package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.StandardWatchEventKinds;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guards that overlap, and calls with one path in a guarded directory and one elsewhere. */
@Tag("R8")
class GuardTest {
  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;
  private String host;

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    ground.directory("in");
    ground.directory("in/deep");
    ground.link("in/up", "../file");
    ground.link("in/deep/up", "../file");
    ground.link("in/deep/out", ground.outside().toString());
    Files.writeString(ground.host().resolve("file"), "host");
    safe = PlayedProvider.guarding(real -> real, ground.host(), ground.host().resolve("in/deep"));
    host = ground.host().toString();
  }

  @Test
  void ofOverlappingGuardsTheLongestWins() throws IOException {
    assertThat(Files.readString(safe.getPath(host, "in/up"))).isEqualTo("host");
    assertThatThrownBy(() -> Files.readString(safe.getPath(host, "in/deep/up")))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.readString(safe.getPath(host, "in/deep/../file")))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.readString(safe.getPath(host, "in/./deep/../file")))
        .isInstanceOf(PathEscapeException.class);
    // Begins with the outer guard only, since nothing is folded.
    assertThat(Files.readString(safe.getPath(host, "in/../in/deep/up"))).isEqualTo("in");
  }

  @Test
  void eachSideOfACallIsGuardedOnItsOwn() throws IOException {
    Path outside = safe.getPath(ground.outside().toString());
    Path escape = safe.getPath(host, "in/deep/out/secret");
    assertThatThrownBy(() -> Files.copy(escape, outside.resolve("copy")))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.move(escape, outside.resolve("moved")))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.createLink(outside.resolve("link"), escape))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(
            () -> Files.move(outside.resolve("secret"), safe.getPath(host, "in/deep/out/moved")))
        .isInstanceOf(PathEscapeException.class);
    assertThat(ground.outside())
        .isDirectoryContaining("glob:**secret")
        .isDirectoryNotContaining(path -> !path.endsWith("secret"));
    Files.copy(outside.resolve("secret"), safe.getPath(host, "in/taken"));
    Files.move(safe.getPath(host, "in/taken"), safe.getPath(host, "in/deep/taken"));
    assertThat(ground.host().resolve("in/deep/taken")).hasContent(Ground.SECRET);
  }

  @Test
  void streamsWalksAndWatchesAreGuarded() throws IOException {
    try (SecureDirectoryStream<Path> stream =
        (SecureDirectoryStream<Path>) Files.newDirectoryStream(safe.getPath(host, "in/deep"))) {
      for (String way : new String[] {"../file", "out/secret", "up"}) {
        Path path = safe.getPath(way);
        assertThatThrownBy(() -> stream.newByteChannel(path, Set.of(StandardOpenOption.READ)))
            .as(way)
            .isInstanceOf(PathEscapeException.class);
      }
    }
    try (var all = Files.walk(safe.getPath(host))) {
      assertThat(all.map(Path::toString))
          .contains(host + "/in/deep/out")
          .noneMatch(name -> name.endsWith("secret"));
    }
    assertThatThrownBy(() -> Files.list(safe.getPath(host, "in/deep/out")))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> safe.getPath(host, "in/deep/out").toRealPath())
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.getFileStore(safe.getPath(host, "in/deep/out")))
        .isInstanceOf(PathEscapeException.class);
    assertThat(safe.getPath(host, "in/deep/out").toRealPath(LinkOption.NOFOLLOW_LINKS))
        .hasToString(host + "/in/deep/out");
    try (var service = safe.newWatchService()) {
      assertThatThrownBy(
              () ->
                  safe.getPath(host, "in/deep/out")
                      .register(service, StandardWatchEventKinds.ENTRY_CREATE))
          .isInstanceOf(PathEscapeException.class);
    }
  }

  @Test
  void temporaryFilesAndTreesAreMadeBeneath() throws IOException {
    assertThatThrownBy(() -> Files.createTempFile(safe.getPath(host, "in/deep/out"), "a", "b"))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.createTempDirectory(safe.getPath(host, "in/deep/out"), "a"))
        .isInstanceOf(PathEscapeException.class);
    assertThatThrownBy(() -> Files.createDirectories(safe.getPath(host, "in/deep/out/a/b")))
        .isInstanceOf(PathEscapeException.class);
    assertThat(ground.outside()).isDirectoryNotContaining(path -> !path.endsWith("secret"));
  }
}
