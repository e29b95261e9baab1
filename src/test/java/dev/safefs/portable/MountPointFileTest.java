package dev.safefs.portable;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.GuaranteeUnavailableException;
import dev.safefs.LinkPolicy;
import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.Strictness;
import dev.safefs.op.Opener;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that was put into a container, over the JDK's provider. */
@Tag("G2")
class MountPointFileTest {
  private static void run(String... command) throws IOException {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      Requirement.present(process.waitFor() == 0, String.join(" ", command));
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  private static void write(Bench bench, SafeConfig config) throws IOException {
    OpenRequest request = OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), config);
    try (FileChannel channel = Opener.open(bench.place("file", config), request)) {
      channel.write(ByteBuffer.wrap("new".getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }

  @Test
  void itIsWrittenInPlaceOrRefused(@TempDir Path temp) throws IOException {
    Requirement.present(Files.exists(Path.of("/proc/self")) && isRoot(), "root");
    Path file = Files.writeString(temp.resolve("file"), "below");
    Path shm = Path.of("/dev/shm");
    Requirement.present(Files.isDirectory(shm), "another file system");
    Path source = Files.writeString(Files.createTempFile(shm, "mounted", null), "old");
    try (Bench bench = Bench.over(temp)) {
      assertWrittenInPlaceOrRefused(bench, source, file);
    } finally {
      Files.delete(source);
    }
  }

  private static void assertWrittenInPlaceOrRefused(Bench bench, Path source, Path file)
      throws IOException {
    run("mount", "--bind", source.toString(), file.toString());
    try {
      assertThatThrownBy(() -> write(bench, SafeConfig.confined()))
          .isInstanceOf(GuaranteeUnavailableException.class)
          .hasMessageStartingWith("/file: W1");
      assertThat(file).hasContent("old");
      write(bench, SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT));
      assertThat(source).hasContent("new");
      assertThat(bench.names()).isEqualTo(List.of("file"));
    } finally {
      run("umount", file.toString());
    }
    assertThat(file).hasContent("below");
  }

  /** The JDK's file stores tell no difference then; the kernel does. */
  @Test
  void oneOfTheSameFileSystemIsWrittenInPlaceOrRefused(@TempDir Path temp) throws IOException {
    Requirement.present(Files.exists(Path.of("/proc/self")) && isRoot(), "root");
    Path source = Files.writeString(temp.resolve("source"), "old");
    Path root = Files.createDirectory(temp.resolve("a b\\134\tü\n"));
    Path file = Files.writeString(root.resolve("file"), "below");
    try (Bench bench = Bench.over(root)) {
      assertWrittenInPlaceOrRefused(bench, source, file);
    }
  }

  /** What else a rename fails with, such as a full disk, keeps the old file. */
  @Test
  @Tag("K3")
  void otherFailuresKeepTheOldFile(@TempDir Path temp) throws IOException {
    FilteringProvider provider =
        new FilteringProvider(
            temp.getFileSystem().provider(),
            call -> {
              if (call.endsWith("move")) {
                throw new FileSystemException("file", null, "No space left on device");
              }
            });
    try (Bench bench = Bench.over(temp, provider, LinkPolicy.BENEATH)) {
      bench.file("file", "old");
      assertThatThrownBy(
              () -> write(bench, SafeConfig.confined().with("strictness", Strictness.BEST_EFFORT)))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("No space left");
      assertThat(bench.content("file")).isEqualTo("old");
      assertThat(bench.names()).isEqualTo(List.of("file"));
    }
  }
}
