package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.op.Mover;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A held root is the directory that it was, whatever has its path by now. */
class MovedRootTest {
  @Test
  @Tag("M2")
  void directoriesInItAreMoved(@TempDir Path temp) throws IOException {
    Path root = Files.createDirectory(temp.resolve("root"));
    try (Bench bench = Bench.over(root)) {
      bench.directory("d");
      Files.move(root, temp.resolve("moved"));
      Files.createDirectory(root);
      Mover.move(bench.place("d"), bench.place("e"), MoveRequest.parse(REPLACE_EXISTING));
    }
    assertThat(temp.resolve("moved/e")).isDirectory();
    assertThat(temp.resolve("moved/d")).doesNotExist();
    assertThat(root).isEmptyDirectory();
  }
}
