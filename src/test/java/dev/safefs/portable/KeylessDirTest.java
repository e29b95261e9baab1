package dev.safefs.portable;

import java.io.IOException;
import java.nio.file.Path;

/** Directories of a delegate that has no file keys, as the JDK's on Windows. */
class KeylessDirTest extends DirTest {
  KeylessDirTest(Ground ground) {
    super(ground);
  }

  @Override
  Bench bench(Path root) throws IOException {
    return Keyless.over(root, Keyless.Times.FINE);
  }
}
