package dev.safefs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.linux.LinuxEngine;
import dev.safefs.sys.SyscallsLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading of the engine on first need. */
class EngineSelectorTest {
  @TempDir Path dir;

  @Test
  void readingAndTheRealPathNeedNoEngine() throws IOException {
    Files.writeString(dir.resolve("file"), "content");
    SafeDefaultFileSystemProvider provider =
        provider(
            new EngineSelector(
                (delegate, fileSystem) -> {
                  throw new AssertionError("loaded");
                }));

    Path file = provider.getPath(dir.resolve("file").toUri());

    assertThat(Files.readString(file)).isEqualTo("content");
    assertThat(Files.size(file)).isEqualTo(7);
    assertThat(file.toRealPath()).hasToString(dir.toRealPath().resolve("file").toString());
    assertThat(Files.exists(file)).isTrue();
    assertThat(Files.isHidden(file)).isFalse();
  }

  private static EngineSelector withoutNatives() {
    return new EngineSelector(
        (delegate, fileSystem) ->
            new LinuxEngine(SyscallsLoader.load("nosuch"), delegate, fileSystem));
  }

  @Test
  @Tag("G2")
  void whereItIsStrictAnEngineThatCannotBeLoadedSaysWhatToChange() {
    Delegate delegate = Delegate.of(FileSystems.getDefault().provider(), withoutNatives());
    Path file =
        new SafeFileSystemProvider(() -> delegate)
            .getPath(URI.create("safe://" + dir.resolve("file").toUri().getRawPath()));

    assertThatThrownBy(() -> Files.writeString(file, "x"))
        .isInstanceOf(GuaranteeUnavailableException.class)
        .hasMessageContaining("safefs.backend");
    assertThatThrownBy(() -> Files.delete(file)).isInstanceOf(GuaranteeUnavailableException.class);
  }

  @Test
  @Tag("G1")
  @Tag("G2")
  void whereItIsNotStrictThePortableEngineServesAndTellsWhatItKeeps() throws IOException {
    SafeDefaultFileSystemProvider provider = provider(withoutNatives());
    Path file = provider.getPath(dir.resolve("file").toUri());

    Files.writeString(file, "x");
    assertThat(Files.readString(dir.resolve("file"))).isEqualTo("x");
    Guarantees guarantees = provider.fileSystem().guarantees(file);
    assertThat(guarantees.of("C1").orElseThrow().state()).isEqualTo(Guarantees.State.DETECTED);
    assertThat(guarantees.of("M5").orElseThrow().state()).isEqualTo(Guarantees.State.UNAVAILABLE);
    Files.delete(file);
    assertThat(dir).isEmptyDirectory();
  }

  /** As a class loader does that unpacks natives through the default file system. */
  @Test
  void theDelegateServesTheThreadThatIsLoading() throws IOException {
    AtomicInteger loads = new AtomicInteger();
    Path[] root = new Path[1];
    SafeDefaultFileSystemProvider provider =
        provider(
            new EngineSelector(
                (delegate, fileSystem) -> {
                  loads.incrementAndGet();
                  useEverything(root[0]);
                  return new LinuxEngine(SyscallsLoader.load(), delegate, fileSystem);
                }));
    root[0] = provider.getPath(dir.toUri());

    Files.writeString(root[0].resolve("file"), "content");
    Files.delete(root[0].resolve("file"));

    assertThat(loads).hasValue(1);
    assertThat(dir).isEmptyDirectory();
  }

  private static void useEverything(Path root) {
    try {
      Path sub = Files.createDirectory(root.resolve("sub"));
      Path file = Files.writeString(sub.resolve("file"), "x");
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
      Files.setAttribute(file, "posix:permissions", Files.getPosixFilePermissions(file));
      Files.copy(file, sub.resolve("copy"));
      Files.move(sub.resolve("copy"), sub.resolve("moved"));
      Files.createSymbolicLink(sub.resolve("link"), sub.getFileSystem().getPath("file"));
      assertThat(Files.readSymbolicLink(sub.resolve("link"))).hasToString("file");
      Files.createLink(sub.resolve("hard"), file);
      assertThat(Files.isSameFile(file, sub.resolve("hard"))).isTrue();
      assertThat(sub.resolve("link").toRealPath().getFileName()).hasToString("file");
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(sub, "*")) {
        for (Path entry : entries) {
          Files.delete(entry);
        }
      }
      assertThat(Files.deleteIfExists(sub)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafeDefaultFileSystemProvider provider(EngineSelector engines) {
    SafeDefaultFileSystemProvider provider =
        new SafeDefaultFileSystemProvider(FileSystems.getDefault().provider(), engines);
    assertThat(provider.getFileSystem(URI.create("file:///")).isOpen()).isTrue();
    return provider;
  }
}
