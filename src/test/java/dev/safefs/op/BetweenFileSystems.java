package dev.safefs.op;

import dev.safefs.InMemory;
import dev.safefs.Requirement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of operations from the file system of the temporary directory to one in memory. */
abstract class BetweenFileSystems {
  @TempDir Path dir;

  @TempDir(factory = InMemory.class)
  Path far;

  Scene here;
  Scene there;

  @BeforeEach
  void open() throws IOException {
    Requirement.present(
        !Files.getFileStore(far).equals(Files.getFileStore(dir)), "two file systems");
    here = Scene.confined(dir);
    there = Scene.confined(far);
  }

  @AfterEach
  void close() throws IOException {
    if (here != null) {
      here.close();
      there.close();
    }
  }
}
