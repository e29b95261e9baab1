package dev.safefs.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.JdkPaths;
import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What still works on kernels that lack what cannot be emulated, and how the rest fails. Promise
 * K4.
 */
@Tag("K4")
class PoorKernelTest {
  @TempDir Path temporary;
  private Path host;

  @BeforeEach
  void plant() throws IOException {
    Path work = JdkPaths.of(temporary).toRealPath();
    host = Files.createDirectory(work.resolve("host"));
    Files.createDirectory(host.resolve("in"));
    Files.writeString(host.resolve("in/file"), "file");
    Files.createSymbolicLink(host.resolve("link"), Path.of("in"));
    Files.createSymbolicLink(host.resolve("out"), work);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"PROC_MISSING", "PROC_OVERMOUNTED"})
  void withoutProcfsNamesWork(Kernel kernel) throws IOException {
    try (FileSystem safe = PlayedProvider.over(kernel::over).newFileSystem(host, Map.of())) {
      Path file = safe.getPath("link/file");
      assertThatCode(() -> file.getFileSystem().provider().checkAccess(file))
          .doesNotThrowAnyException();
      assertThat(file.toRealPath()).hasToString("/in/file");
      Files.createDirectory(safe.getPath("made"));
      Files.createSymbolicLink(safe.getPath("made/link"), safe.getPath("x"));
      assertThat(Files.readSymbolicLink(safe.getPath("made/link"))).hasToString("x");
      Files.move(file, safe.getPath("made/file"));
      Files.move(
          safe.getPath("made/file"), safe.getPath("in/file"), StandardCopyOption.REPLACE_EXISTING);
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
      Files.delete(safe.getPath("made/link"));
      try (var entries = Files.list(safe.getPath("made"))) {
        assertThat(entries).isEmpty();
      }
      assertThatThrownBy(() -> Files.createDirectory(safe.getPath("out/new")))
          .isInstanceOf(PathEscapeException.class);
    }
    assertThat(host.resolve("in/file")).hasContent("file");
    assertThat(Files.getLastModifiedTime(host.resolve("in/file")))
        .isEqualTo(FileTime.fromMillis(0));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"PROC_MISSING", "PROC_OVERMOUNTED"})
  void withoutProcfsContentIsRefusedByItsGuarantee(Kernel kernel) throws IOException {
    try (FileSystem safe = PlayedProvider.over(kernel::over).newFileSystem(host, Map.of())) {
      Path file = safe.getPath("in/file");
      assertThatThrownBy(() -> Files.readAttributes(file, PosixFileAttributes.class))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThatThrownBy(() -> Files.readString(file))
          .isInstanceOf(GuaranteeUnavailableException.class)
          .hasMessageContaining("procfs");
      assertThatThrownBy(() -> Files.writeString(file, "x"))
          .isInstanceOf(GuaranteeUnavailableException.class);
      assertThatThrownBy(() -> Files.copy(file, safe.getPath("copy")))
          .isInstanceOf(GuaranteeUnavailableException.class);
    }
    assertThat(host)
        .isDirectoryNotContaining("glob:**copy")
        .isDirectoryNotContaining("glob:**safefs*");
    assertThat(host.resolve("in")).isDirectoryNotContaining(path -> !path.endsWith("file"));
    assertThat(host.resolve("in/file")).hasContent("file");
  }

  @Test
  void withoutProcfsAmbientReadsGoOn() throws IOException {
    Path root =
        PlayedProvider.over(Kernel.PROC_MISSING::over)
            .getPath(URI.create("safe://" + host.toUri().getRawPath()));
    assertThat(Files.readString(root.resolve("in/file"))).isEqualTo("file");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"STATX_MISSING", "STATX_FORBIDDEN"})
  void withoutStatxNothingIsGuessed(Kernel kernel) throws IOException {
    try (FileSystem safe = PlayedProvider.over(kernel::over).newFileSystem(host, Map.of())) {
      assertThat(Files.readAttributes(safe.getPath("in/file"), PosixFileAttributes.class).size())
          .isEqualTo(4);
      for (String name : new String[] {"in/file", "link/file", "in/new"}) {
        Path path = safe.getPath(name);
        assertThatThrownBy(() -> Files.writeString(path, "x"))
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("statx");
      }
      assertThatThrownBy(() -> Files.readString(safe.getPath("out/in")))
          .isInstanceOf(PathEscapeException.class);
    }
    assertThat(host.resolve("in/file")).hasContent("file");
  }
}
