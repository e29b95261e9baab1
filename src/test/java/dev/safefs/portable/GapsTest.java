package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.safefs.LinkPolicy;
import dev.safefs.op.Mover;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Over a delegate that replaces a name only by removing it first. */
@Tag("M2")
class GapsTest {
  private final List<String> accepted = new ArrayList<>();
  private FileSystem fileSystem;
  private Path root;

  @BeforeEach
  void open() throws IOException {
    fileSystem = Jimfs.newFileSystem(Configuration.windows());
    root = Files.createDirectories(fileSystem.getPath("C:\\work"));
    Files.writeString(root.resolve("a"), "A");
    Files.writeString(root.resolve("b"), "B");
  }

  @AfterEach
  void close() throws IOException {
    fileSystem.close();
  }

  private void moveOver(Gaps gaps) throws IOException {
    FilteringProvider provider =
        new FilteringProvider(
            fileSystem.provider(),
            call -> {
              if (call.equals("move at once")) {
                throw new AtomicMoveNotSupportedException("a", "b", "not here");
              }
            });
    try (Bench bench = Bench.over(root, provider, LinkPolicy.BENEATH, gaps)) {
      Mover.move(bench.place("a"), bench.place("b"), MoveRequest.parse(REPLACE_EXISTING));
    }
  }

  @Test
  void anAcceptedGapReplacesAndIsRecordedByTheUsersPath() throws IOException {
    moveOver((gap, path) -> accepted.add(gap.promise() + " " + path));
    assertThat(accepted).containsExactly("M2 /b");
    assertThat(root.resolve("b")).hasContent("A");
    assertThat(root.resolve("a")).doesNotExist();
  }

  @Test
  void aRefusedGapChangesNothing() {
    assertThatThrownBy(() -> moveOver(Gaps.REFUSED)).isInstanceOf(FileSystemException.class);
    assertThat(root.resolve("a")).hasContent("A");
    assertThat(root.resolve("b")).hasContent("B");
  }
}
