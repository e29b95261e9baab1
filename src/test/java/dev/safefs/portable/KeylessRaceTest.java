package dev.safefs.portable;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Attackers and rivals on a delegate that has neither file keys nor times that tell files apart.
 */
class KeylessRaceTest extends RaceTest {
  KeylessRaceTest(Ground ground) {
    super(ground);
  }

  @Override
  Bench bench(Path root) throws IOException {
    return Keyless.over(root, Keyless.Times.COARSE);
  }
}
