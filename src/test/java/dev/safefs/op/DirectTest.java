package dev.safefs.op;

import static com.sun.nio.file.ExtendedOpenOption.DIRECT;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.Requirement;
import dev.safefs.SafeConfig;
import dev.safefs.request.OpenRequest;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ExtendedOpenOption.DIRECT} on a file that is published. */
class DirectTest {
  @TempDir Path base;

  private static FileChannel open(Scene scene, String name, OpenOption... options)
      throws IOException {
    return Opener.open(scene.place(name), OpenRequest.parse(Set.of(options), scene.config));
  }

  /** Returns a block of the file system's. */
  private ByteBuffer block() throws IOException {
    int size = (int) Files.getFileStore(base).getBlockSize();
    byte[] block = new byte[size];
    Arrays.fill(block, (byte) 'n');
    return ByteBuffer.allocateDirect(2 * size).alignedSlice(size).limit(size).put(block).flip();
  }

  /** Skips where the file system refuses direct access, as tmpfs did before Linux 6.6. */
  private void requireDirect() throws IOException {
    Path probe = Files.createFile(base.resolve("probe"));
    boolean direct = true;
    try {
      FileChannel.open(probe, WRITE, DIRECT).close();
    } catch (IOException e) {
      direct = false;
    }
    Files.delete(probe);
    Requirement.present(direct, "a file system with direct access");
  }

  private void isPublishedWhole(Syscalls sys) throws IOException {
    requireDirect();
    try (Scene scene = Scene.confined(base, sys, SafeConfig.confined())) {
      scene.file("file", "old");
      try (FileChannel channel = open(scene, "file", WRITE, TRUNCATE_EXISTING, DIRECT)) {
        assertThat(channel.write(block())).isEqualTo(block().capacity());
        channel.truncate(5);
        assertThat(scene.content("file")).isEqualTo("old");
      }
      assertThat(scene.content("file")).isEqualTo("nnnnn");
      assertThat(scene.names()).containsExactly("file");
    }
  }

  @Test
  @Tag("W1")
  void blocksAndATailThatIsCutOffArePublishedOnClose() throws IOException {
    isPublishedWhole(Scene.kernel());
  }

  @Test
  @Tag("W1")
  void theSameWhereThePendingFileHasAName() throws IOException {
    isPublishedWhole(PoorMount.withoutAnonymousFiles(Scene.kernel()));
  }

  @Test
  @Tag("W2")
  void aWriteThatIsNotAlignedFailsAsTheJdksAndPoisons() throws IOException {
    requireDirect();
    try (Scene scene = Scene.confined(base)) {
      scene.file("file", "old");
      scene.file("theirs", "old");
      FileChannel channel = open(scene, "file", WRITE, TRUNCATE_EXISTING, DIRECT);
      ByteBuffer three = ByteBuffer.wrap(new byte[3]);
      try (FileChannel theirs = FileChannel.open(scene.path("theirs"), WRITE, DIRECT)) {
        assertThatThrownBy(() -> theirs.write(three)).isExactlyInstanceOf(IOException.class);
      }
      assertThatThrownBy(() -> channel.write(three)).isExactlyInstanceOf(IOException.class);
      channel.write(block());
      assertThatThrownBy(channel::close).hasMessageContaining("not published");
      assertThat(scene.content("file")).isEqualTo("old");
    }
  }

  @Test
  @Tag("root")
  @Tag("K3")
  void whereItIsRefusedNothingIsChangedAndNothingLeft() throws IOException {
    Requirement.present(Scene.isRoot(), "root");
    Scene.run("mount", "-t", "ramfs", "ramfs", base.toString());
    try (Scene scene = Scene.confined(base)) {
      scene.file("file", "old");
      Path theirs = scene.path("theirs");
      assertThatThrownBy(() -> FileChannel.open(theirs, WRITE, CREATE_NEW, DIRECT).close())
          .isInstanceOf(FileSystemException.class);
      assertThat(theirs).as("control: the JDK leaves an empty file").isEmptyFile();
      Files.delete(theirs);
      assertThatThrownBy(() -> open(scene, "file", WRITE, TRUNCATE_EXISTING, DIRECT))
          .isInstanceOf(FileSystemException.class)
          .hasMessageContaining("/file");
      assertThatThrownBy(() -> open(scene, "new", WRITE, CREATE, TRUNCATE_EXISTING, DIRECT))
          .isInstanceOf(FileSystemException.class);
      assertThatThrownBy(() -> open(scene, "new", WRITE, CREATE_NEW, DIRECT))
          .isInstanceOf(FileSystemException.class);
      assertThat(scene.content("file")).isEqualTo("old");
      assertThat(scene.names()).containsExactly("file");
    } finally {
      Scene.run("umount", base.toString());
    }
  }
}
