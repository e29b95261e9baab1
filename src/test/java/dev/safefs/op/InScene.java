package dev.safefs.op;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of operations in a confined directory of their own. */
abstract class InScene {
  @TempDir Path dir;
  Scene scene;

  @BeforeEach
  void open() throws IOException {
    scene = Scene.confined(dir);
  }

  @AfterEach
  void close() throws IOException {
    scene.close();
  }
}
