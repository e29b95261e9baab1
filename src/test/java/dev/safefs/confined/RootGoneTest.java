package dev.safefs.confined;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.safefs.PathEscapeException;
import dev.safefs.PendingFile;
import dev.safefs.PlayedProvider;
import dev.safefs.Requirement;
import dev.safefs.SafeFiles;
import dev.safefs.kernel.Kernel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
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

/** Every operation after the root lost its name: on what was opened before, and opened anew. */
@Tag("R1")
@ParameterizedClass
@EnumSource(
    value = Kernel.class,
    names = {"WHOLE", "OLD"})
class RootGoneTest {
  /** Operations that a directory without names leaves nothing to do. */
  private static final Set<String> ON_NOTHING =
      Set.of("list", "walk", "watch", "sweep", "delete", "delete if same", "swap if same");

  private final Kernel kernel;

  @TempDir Path temporary;
  private Ground ground;
  private FileSystem safe;

  RootGoneTest(Kernel kernel) {
    this.kernel = kernel;
  }

  private interface Loss {
    void run() throws IOException;
  }

  @BeforeEach
  void plant() throws IOException {
    ground = Ground.plant(temporary);
  }

  private void open() throws IOException {
    safe =
        PlayedProvider.over(kernel::over)
            .newFileSystem(ground.host(), Map.of("durability", "NONE"));
    restock();
  }

  private void restock() throws IOException {
    if (Files.exists(safe.getPath("in"))) {
      SafeFiles.deleteTree(safe.getPath("in"));
    }
    Files.createDirectory(safe.getPath("in"));
    Files.writeString(safe.getPath("in/file"), "file");
  }

  @AfterEach
  void close() throws IOException {
    safe.close();
  }

  private void rename() throws IOException {
    Files.move(ground.host(), ground.host().resolveSibling("away"), StandardCopyOption.ATOMIC_MOVE);
  }

  private void decoy() throws IOException {
    Files.createDirectory(ground.host());
    ground.directory("in");
    Files.writeString(ground.host().resolve("in/file"), "decoy");
  }

  @Test
  void everythingGoesOnInARootThatWasRenamed() throws Exception {
    open();
    goesOn(this::rename);
    assertThat(ground.host()).doesNotExist();
  }

  @Test
  void everythingGoesOnInARootThatWasReplaced() throws Exception {
    open();
    goesOn(
        () -> {
          rename();
          decoy();
        });
    decoyIsUntouched();
  }

  @Test
  void everythingGoesOnInARootThatAnotherHasTheNameOfAsALink() throws Exception {
    open();
    String before = Files.readString(ground.outside().resolve("secret"));
    goesOn(
        () -> {
          rename();
          Files.createSymbolicLink(ground.host(), ground.outside());
        });
    assertThat(ground.outside().resolve("secret")).hasContent(before);
    assertThat(ground.outside()).isDirectoryNotContaining(path -> !path.endsWith("secret"));
  }

  @Test
  @Tag("root")
  void everythingGoesOnInARootThatWasUnmountedLazily() throws Exception {
    Requirement.present(Ground.isRoot(), "root");
    decoyBeneath();
    Ground.run("mount", "-t", "tmpfs", "tmpfs", ground.host().toString());
    try {
      open();
    } catch (IOException e) {
      Ground.run("umount", "-l", ground.host().toString());
      throw e;
    }
    goesOn(() -> Ground.run("umount", "-l", ground.host().toString()), "store");
    decoyIsUntouched();
    assertThat(catchThrowable(() -> Files.getFileStore(safe.getPath("in/file"))))
        .as("the table of mounts has no line for it any more")
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining(Ground.TELLING);
  }

  private void decoyBeneath() throws IOException {
    Files.delete(ground.host());
    decoy();
  }

  private void decoyIsUntouched() throws IOException {
    assertThat(ground.host()).isDirectoryNotContaining(path -> !path.endsWith("in"));
    assertThat(ground.host().resolve("in"))
        .isDirectoryNotContaining(path -> !path.endsWith("file"));
    assertThat(ground.host().resolve("in/file")).hasContent("decoy");
  }

  private void goesOn(Loss loss, String... butFor) throws Exception {
    Path in = safe.getPath("in");
    try (SecureDirectoryStream<Path> stream = stream("in");
        FileChannel channel = FileChannel.open(in.resolve("file"), READ, WRITE);
        PendingFile pending = SafeFiles.pending(in.resolve("pending"));
        WatchService service = safe.newWatchService()) {
      WatchKey key = in.register(service, StandardWatchEventKinds.ENTRY_CREATE);
      loss.run();
      channel.write(ByteBuffer.wrap(new byte[] {'F'}));
      pending.channel().write(ByteBuffer.wrap(new byte[] {'p'}));
      pending.commit();
      stream.newByteChannel(safe.getPath("streamed"), Set.of(WRITE, CREATE_NEW)).close();
      assertThat(Files.readString(in.resolve("file"))).isEqualTo("File");
      assertThat(Files.readString(in.resolve("pending"))).isEqualTo("p");
      assertThat(in.resolve("streamed")).exists();
      assertThat(stream.iterator()).toIterable().contains(in.resolve("file"));
      stream.deleteFile(safe.getPath("streamed"));
      assertThat(service.poll(30, TimeUnit.SECONDS)).isSameAs(key);
    }
    for (Map.Entry<String, Operations.Call> operation : Operations.all().entrySet()) {
      try {
        if (!Set.of(butFor).contains(operation.getKey())) {
          operation.getValue().on(safe.getPath("in"));
        }
      } catch (IOException e) {
        throw new AssertionError(operation.getKey(), e);
      }
      assertThat(catchThrowable(() -> operation.getValue().on(safe.getPath("../outside"))))
          .as(operation.getKey())
          .isInstanceOf(PathEscapeException.class);
      restock();
    }
  }

  private SecureDirectoryStream<Path> stream(String name) throws IOException {
    return (SecureDirectoryStream<Path>) Files.newDirectoryStream(safe.getPath(name));
  }

  @Test
  void everythingFailsCleanlyInARootThatWasDeleted() throws Exception {
    open();
    try (SecureDirectoryStream<Path> stream = stream("in");
        FileChannel channel = FileChannel.open(safe.getPath("in/file"), READ, WRITE);
        PendingFile pending = SafeFiles.pending(safe.getPath("in/pending"));
        WatchService service = safe.newWatchService()) {
      WatchKey key = safe.getPath("in").register(service, StandardWatchEventKinds.ENTRY_DELETE);
      Ground.remove(ground.host());
      decoy();
      assertThat(channel.write(ByteBuffer.wrap(new byte[1]))).isEqualTo(1);
      pending.channel().write(ByteBuffer.wrap(new byte[] {'p'}));
      assertThatThrownBy(pending::commit).isInstanceOf(FileSystemException.class);
      assertThatThrownBy(
              () -> stream.newByteChannel(safe.getPath("new"), Set.of(WRITE, CREATE_NEW)))
          .isInstanceOf(FileSystemException.class);
      assertThat(stream.iterator()).isExhausted();
      assertThat(service.poll(30, TimeUnit.SECONDS)).isSameAs(key);
      assertThat(key.pollEvents())
          .anySatisfy(event -> assertThat(event.context()).hasToString("file"));
    }
    for (String name : new String[] {"in", "/"}) {
      Operations.all()
          .forEach(
              (what, call) -> {
                Throwable thrown = catchThrowable(() -> call.on(safe.getPath(name)));
                if (thrown != null || !ON_NOTHING.contains(what)) {
                  assertThat(thrown)
                      .as("%s %s", what, name)
                      .isInstanceOf(FileSystemException.class);
                }
              });
    }
    try (var entries = Files.list(safe.getPath("/"))) {
      assertThat(entries).isEmpty();
    }
    decoyIsUntouched();
  }
}
