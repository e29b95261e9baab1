package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.portable.PortableEngine;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** URIs and real paths on a machine with drives and backslashes, which Jimfs stands for. */
@Tag("R4")
class WindowsUriTest {
  private FileSystem machine;
  private SafeFileSystemProvider provider;

  @BeforeEach
  void start() throws IOException {
    machine = Jimfs.newFileSystem(Configuration.windows());
    Delegate delegate =
        new Delegate(
            machine.provider(),
            machine,
            new PathCodec(machine),
            new EngineSelector(
                (under, fileSystem) -> new PortableEngine(under, fileSystem, EngineSelector.GAPS)));
    provider = new SafeFileSystemProvider(() -> delegate);
    Files.createDirectories(machine.getPath("C:\\data\\d"));
    Files.writeString(machine.getPath("C:\\data\\d\\x"), "X");
  }

  @AfterEach
  void stop() throws IOException {
    machine.close();
  }

  @Test
  void ambientPathsHaveTheirDriveInTheUri() throws IOException {
    Path path = provider.getPath(URI.create("safe:///C:/data/d/x"));

    assertThat(path).hasToString("C:\\data\\d\\x");
    assertThat(path.toUri()).hasToString("safe:///C:/data/d/x");
    assertThat(provider.getPath(path.toUri())).isEqualTo(path);
    assertThat(Files.readString(path)).isEqualTo("X");
    assertThat(provider.getPath(URI.create("safe:///C:/"))).hasToString("C:\\");
  }

  @Test
  void confinedPathsShowNoDriveOfTheHost() throws IOException {
    try (FileSystem safe =
        provider.newFileSystem(
            URI.create("safe:///C:/data"), Map.of("strictness", "BEST_EFFORT"))) {
      Path path = provider.getPath(URI.create("safe:///C:/data!/d/x"));

      assertThat(path.getFileSystem()).isSameAs(safe);
      assertThat(Files.readString(path)).isEqualTo("X");
      assertThat(path.toUri()).hasToString("safe:///C:/data!/d/x");
      assertThat(provider.getPath(path.toUri())).isEqualTo(path);
      assertThat(path.toRealPath()).isEqualTo(path);
      assertThat(path.resolveSibling("X").toRealPath()).isEqualTo(path);
      assertThatThrownBy(() -> Files.size(safe.getPath("D:\\data")))
          .isInstanceOf(PathEscapeException.class);
    }
    assertThatThrownBy(() -> provider.getPath(URI.create("safe:///C:/data!/d/x")))
        .isInstanceOf(FileSystemNotFoundException.class);
  }
}
