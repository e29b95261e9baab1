package dev.safefs.confined;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.PathEscapeException;
import dev.safefs.PlayedProvider;
import dev.safefs.SafeFiles;
import dev.safefs.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is held open goes on where it is, after the root or a directory in it was moved, replaced or
 * deleted.
 */
@Tag("R1")
@ParameterizedClass
@EnumSource(
    value = Kernel.class,
    names = {"WHOLE", "OLD"})
class MovedAwayTest {
  private final Kernel kernel;

  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;

  MovedAwayTest(Kernel kernel) {
    this.kernel = kernel;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
    ground.directory("in");
    ground.directory("in/deep");
    safe = PlayedProvider.over(kernel::over).newFileSystem(ground.host(), Map.of());
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  @Tag("S1")
  void aStreamWhoseDirectoryLeftTheRootStaysInIt() throws IOException {
    Path deep = safe.getPath("in/deep");
    try (SecureDirectoryStream<Path> stream =
        (SecureDirectoryStream<Path>) Files.newDirectoryStream(deep)) {
      move(ground.host().resolve("in/deep"), ground.outside().resolve("deep"));
      List<String> names = new ArrayList<>();
      stream.forEach(path -> names.add(path.toString()));
      assertThat(names).containsExactly("in/deep/file");
      stream.newByteChannel(safe.getPath("file"), Set.of(READ)).close();
      stream.newByteChannel(safe.getPath("new"), Set.of(WRITE, CREATE_NEW)).close();
      assertThat(ground.outside().resolve("deep/new")).exists();
      for (String way : new String[] {"../secret", "../deep/file", "../../outside/secret"}) {
        Path path = safe.getPath(way);
        assertThatThrownBy(() -> stream.newByteChannel(path, Set.of(READ)).close())
            .isInstanceOf(PathEscapeException.class);
        assertThatThrownBy(() -> stream.deleteFile(path)).isInstanceOf(PathEscapeException.class);
        assertThatThrownBy(() -> stream.newDirectoryStream(path).close())
            .isInstanceOf(PathEscapeException.class);
        assertThatThrownBy(() -> stream.move(path, stream, safe.getPath("x")))
            .isInstanceOf(PathEscapeException.class);
      }
      assertThatThrownBy(() -> Files.readString(safe.getPath("in/deep/file")))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> stream.newByteChannel(safe.getPath("/in/deep/file"), Set.of(READ)))
          .isInstanceOf(NoSuchFileException.class);
    }
    assertThat(ground.outside().resolve("secret")).hasContent(Ground.SECRET);
  }

  @Test
  void aChannelAndAPendingFileGoOnInTheirDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(safe.getPath("in/deep/file"));
        var pending = SafeFiles.pending(safe.getPath("in/deep/pending"))) {
      pending.channel().write(ByteBuffer.wrap(new byte[] {'p'}));
      move(ground.host().resolve("in/deep"), ground.host().resolve("elsewhere"));
      Files.createDirectory(ground.host().resolve("in/deep"));
      assertThat(channel.size()).isPositive();
      pending.commit();
    }
    assertThat(ground.host().resolve("elsewhere/pending")).hasContent("p");
    assertThat(ground.host().resolve("in/deep")).isEmptyDirectory();
  }

  @Test
  void aWatchOfADirectoryThatLeftTheRootTellsNoPlaceOutside() throws Exception {
    Path deep = safe.getPath("in/deep");
    try (WatchService service = safe.newWatchService()) {
      WatchKey key =
          deep.register(
              service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      move(ground.host().resolve("in/deep"), ground.outside().resolve("deep"));
      Files.writeString(ground.outside().resolve("beside"), "beside");
      Files.writeString(ground.outside().resolve("deep/new"), "new");
      assertThat(service.poll(30, TimeUnit.SECONDS)).isSameAs(key);
      assertThat(key.watchable()).isEqualTo(deep);
      assertThat(key.pollEvents())
          .allSatisfy(event -> assertThat(event.context().toString()).isIn("new", "file"));
      assertThatThrownBy(
              () -> safe.getPath("in/deep").register(service, StandardWatchEventKinds.ENTRY_CREATE))
          .isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  void aStoreOfAFileThatLeftTheRootFailsCleanly() throws IOException {
    FileStore store = Files.getFileStore(safe.getPath("in/deep/file"));
    assertThat(store.getTotalSpace()).isPositive();
    move(ground.host().resolve("in/deep"), ground.outside().resolve("deep"));
    assertThatThrownBy(store::getTotalSpace).isInstanceOf(NoSuchFileException.class);
    ground.link("in/deep", "../../outside/deep");
    assertThatThrownBy(store::getTotalSpace).isInstanceOf(PathEscapeException.class);
  }

  @Test
  void operationsGoOnInARootThatWasReplaced() throws IOException {
    Path away = ground.host().resolveSibling("away");
    move(ground.host(), away);
    Files.createDirectories(ground.host().resolve("in"));
    Files.writeString(ground.host().resolve("in/file"), "another root");
    assertThat(Files.readString(safe.getPath("in/file"))).isEqualTo("in");
    Files.writeString(safe.getPath("in/file"), "rewritten");
    Files.createDirectory(safe.getPath("made"));
    Files.move(safe.getPath("in/deep"), safe.getPath("made/deep"));
    Files.createSymbolicLink(safe.getPath("link"), safe.getPath("in/file"));
    assertThat(safe.getPath("made/deep/file").toRealPath()).hasToString("/made/deep/file");
    assertThat(safe.getPath("link").toRealPath()).hasToString("/in/file");
    assertThat(Files.readAttributes(safe.getPath("/"), PosixFileAttributes.class).isDirectory())
        .isTrue();
    assertThat(safe.getFileStores()).hasSize(1);
    Files.delete(safe.getPath("made/deep/file"));
    assertThat(away.resolve("in/file")).hasContent("rewritten");
    assertThat(away.resolve("made/deep")).isEmptyDirectory();
    assertThat(ground.host().resolve("in/file")).hasContent("another root");
    assertThat(ground.host().resolve("made")).doesNotExist();
  }

  @Test
  void operationsInARootThatWasDeletedFailCleanly() throws IOException {
    SecureDirectoryStream<Path> stream =
        (SecureDirectoryStream<Path>) Files.newDirectoryStream(safe.getPath("/"));
    FileChannel channel = FileChannel.open(safe.getPath("in/file"));
    Ground.remove(ground.host());
    Files.createDirectory(ground.host());
    assertThat(channel.size()).isEqualTo(2);
    assertThat(Files.exists(safe.getPath("in/file"))).isFalse();
    assertThatThrownBy(() -> Files.readString(safe.getPath("in/file")))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> Files.writeString(safe.getPath("new"), ""))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Files.createDirectory(safe.getPath("new")))
        .isInstanceOf(FileSystemException.class);
    assertThatThrownBy(() -> Files.createSymbolicLink(safe.getPath("new"), safe.getPath("x")))
        .isInstanceOf(FileSystemException.class);
    assertThat(safe.getPath("/").toRealPath()).hasToString("/");
    assertThatThrownBy(() -> stream.newByteChannel(safe.getPath("new"), Set.of(WRITE, CREATE_NEW)))
        .isInstanceOf(FileSystemException.class);
    try (var entries = Files.list(safe.getPath("/"))) {
      assertThat(entries).isEmpty();
    }
    stream.close();
    channel.close();
    safe.close();
    assertThat(ground.host()).isEmptyDirectory();
  }
}
