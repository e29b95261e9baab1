package dev.safefs.portable;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Tests in a directory of their own of each kind of delegate. */
abstract class OnGround {
  final Ground ground;
  Path root;
  Bench bench;

  OnGround(Ground ground) {
    this.ground = ground;
  }

  /** Returns what is tested; overridden for delegates that lack something. */
  Bench bench(Path root) throws IOException {
    return Bench.over(root);
  }

  @BeforeEach
  void openGround() throws IOException {
    root = ground.open();
    bench = bench(root);
  }

  @AfterEach
  void closeGround() throws IOException {
    bench.close();
    ground.discard(root);
  }
}
