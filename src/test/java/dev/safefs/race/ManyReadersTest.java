package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million opens of a file that is rewritten all the time. */
@Tag("race")
@Tag("long")
@Tag("W1")
class ManyReadersTest {
  private static final int OPENS = 1_000_000;
  private static final int INTS = 1024;

  @TempDir Path work;

  private static byte[] version(int number) {
    ByteBuffer content = ByteBuffer.allocate(INTS * Integer.BYTES);
    while (content.hasRemaining()) {
      content.putInt(number);
    }
    return content.array();
  }

  @Test
  void noneIsTornOrMissing() throws IOException, InterruptedException {
    Path file = work.resolve("file");
    Path safe = Path.of(URI.create("safe://" + file.toUri().getRawPath()));
    AtomicInteger number = new AtomicInteger();
    Files.write(safe, version(0));
    int broken = 0;
    try (Adversary writer =
        new Adversary(() -> Files.write(safe, version(number.incrementAndGet())))) {
      for (int i = 0; i < OPENS; i++) {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
        boolean whole = content.limit() == INTS * Integer.BYTES;
        broken +=
            whole && content.getInt(0) == content.getInt(content.limit() - Integer.BYTES) ? 0 : 1;
      }
    }
    assertThat(broken).isZero();
    assertThat(number).hasPositiveValue();
  }
}
