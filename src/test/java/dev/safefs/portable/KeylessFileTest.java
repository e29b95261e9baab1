package dev.safefs.portable;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files of a delegate that has no file keys, as the JDK's on Windows. */
class KeylessFileTest extends FileTest {
  private final Ground ground;

  KeylessFileTest(Ground ground) {
    super(ground);
    this.ground = ground;
  }

  @Override
  Bench bench(Path root) throws IOException {
    return Keyless.over(root, Keyless.Times.FINE);
  }

  @Override
  @Test
  void anotherFileUnderTheNameIsNotTouched() throws IOException {
    assumeCreationIsKnown();
    super.anotherFileUnderTheNameIsNotTouched();
  }

  @Override
  @Test
  void anExchangeWhileItIsUsedIsDetected() throws IOException {
    assumeCreationIsKnown();
    super.anExchangeWhileItIsUsedIsDetected();
  }

  /**
   * The JDK shows the time of modification for it, before Java 22 and on tmpfs: nothing tells then.
   */
  private void assumeCreationIsKnown() {
    assumeTrue(ground != Ground.JDK);
  }
}
