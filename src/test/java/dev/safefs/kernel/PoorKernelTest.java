package dev.safefs.kernel;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.Guarantees;
import dev.safefs.Guarantees.State;
import dev.safefs.JdkPaths;
import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFileSystem;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
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

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {"WHOLE", "OPENAT2_MISSING", "PROC_MISSING", "PROC_OVERMOUNTED"})
  @Tag("G1")
  void guaranteesTellWhatIsMissing(Kernel kernel) throws IOException {
    try (FileSystem safe = PlayedProvider.over(kernel::over).newFileSystem(host, Map.of())) {
      Guarantees told = ((SafeFileSystem) safe).guarantees(safe.getPath("in"));
      assertThat(told.of("R1").orElseThrow().state()).isEqualTo(State.KEPT);
      assertThat(told.of("R1").orElseThrow().mechanism())
          .isEqualTo(kernel == Kernel.OPENAT2_MISSING ? "component walk" : "openat2");
      assertThat(told.of("A1").orElseThrow().state()).isEqualTo(State.KEPT);
      boolean isProcfsThere = !kernel.name().startsWith("PROC");
      for (String promise : new String[] {"W1", "C1", "C2", "H1"}) {
        assertThat(told.of(promise).orElseThrow().state())
            .as(promise)
            .isEqualTo(isProcfsThere ? State.KEPT : State.UNAVAILABLE);
      }
    }
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
      names = {"PROC_MISSING", "PROC_OVERMOUNTED"})
  @Tag("A1")
  void withoutProcfsAttributesAreReadAndSetByDescriptor(Kernel kernel) throws IOException {
    Path hostFile = host.resolve("in/file");
    Files.setAttribute(hostFile, "unix:uid", 12345);
    try (FileSystem safe = PlayedProvider.over(kernel::over).newFileSystem(host, Map.of())) {
      Path file = safe.getPath("link/file");
      assertThat(Files.isDirectory(safe.getPath("link"))).isTrue();
      assertThat(Files.isSymbolicLink(safe.getPath("link"))).isTrue();
      for (String view :
          new String[] {"basic:*", "posix:*", "owner:*", "unix:*", "unix:uid,size"}) {
        Map<String, Object> expected = new HashMap<>(Files.readAttributes(hostFile, view));
        Map<String, Object> seen = Files.readAttributes(file, view);
        assertThat(seen.keySet()).as(view).isEqualTo(expected.keySet());
        expected.remove("fileKey");
        expected.remove("creationTime"); // Java 17 does not ask for it
        assertThat(seen).as(view).containsAllEntriesOf(expected);
      }
      assertThat(Files.getAttribute(file, "fileKey"))
          .hasToString(Files.getAttribute(hostFile, "fileKey").toString());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-x--x"));
      Files.setOwner(file, Files.getOwner(safe.getPath("/")));
      Files.setAttribute(file, "posix:group", Files.getAttribute(host, "posix:group"));
      Files.setAttribute(file, "unix:gid", 54321);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(hostFile)))
        .isEqualTo("rw-r-x--x");
    assertThat(Files.getOwner(hostFile)).isEqualTo(Files.getOwner(host));
    assertThat(Files.getAttribute(hostFile, "unix:gid")).isEqualTo(54321);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kernel.class,
      names = {
        "STATX_MISSING",
        "STATX_FORBIDDEN",
        "STATX_MISSING_AFTER_100_CALLS",
        "STATX_FORBIDDEN_AFTER_100_CALLS",
        "OLDEST"
      })
  void withoutStatxNothingIsLost(Kernel kernel) throws IOException {
    Map<String, String> env = Map.of("mounts", "STAY");
    try (FileSystem safe = PlayedProvider.over(kernel::over).newFileSystem(host, env)) {
      for (int i = 0; i < 10; i++) {
        Files.writeString(safe.getPath("in/file"), "x" + i);
        Files.writeString(safe.getPath("link/new"), "new");
        assertThat(Files.readString(safe.getPath("link/file"))).isEqualTo("x" + i);
        Files.move(safe.getPath("in/new"), safe.getPath("moved"));
        Files.copy(safe.getPath("moved"), safe.getPath("copy"), COPY_ATTRIBUTES, REPLACE_EXISTING);
        Files.delete(safe.getPath("moved"));
        assertThatThrownBy(() -> Files.readString(safe.getPath("out/in")))
            .isInstanceOf(PathEscapeException.class);
      }
    }
    assertThat(host.resolve("in/file")).hasContent("x9");
    assertThat(host.resolve("copy")).hasContent("new");
  }
}
