package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import dev.safefs.contract.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers against writers on {@code safe:///}, with the control on the JDK's provider. */
@OnKernels
class PublishingRaceTest {
  private static final int SIZE = 64 * 1024;

  private final Row row;

  @TempDir Path work;

  PublishingRaceTest(Row row) {
    this.row = row;
  }

  private interface Scenario {
    /** Returns how often something broke. */
    long on(Path root) throws Exception;
  }

  private void holdsWhereTheJdkBreaks(Scenario scenario) throws Exception {
    Path safe = row.seen(Files.createDirectory(work.resolve("safe")));
    Path jdk = Files.createDirectory(work.resolve("jdk"));
    AtomicLong broken = new AtomicLong();
    Budget.race(() -> broken.addAndGet(scenario.on(safe)));
    assertThat(broken).hasValue(0);
    if (!Budget.hasControls()) {
      return;
    }
    Budget.control(() -> broken.get() > 0, () -> broken.addAndGet(scenario.on(jdk)));
    assertThat(broken.get()).as("control on the JDK").isPositive();
  }

  /** The path of the same file on the JDK's provider: readers and rivals know nothing of SafeFS. */
  private Path plain(Path path) {
    return work.resolve(path.getParent().getFileName().toString())
        .resolve(path.getFileName().toString());
  }

  private static byte[] version(int number) {
    ByteBuffer content = ByteBuffer.allocate(SIZE);
    while (content.hasRemaining()) {
      content.putInt(number);
    }
    return content.array();
  }

  private static boolean isWhole(Path file) throws IOException {
    try {
      byte[] read = Files.readAllBytes(file);
      ByteBuffer content = ByteBuffer.wrap(read);
      return read.length == SIZE && content.getInt(0) == content.getInt(SIZE - 4);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static long readWhile(Path file, Adversary.Step act) throws Exception {
    AtomicLong broken = new AtomicLong();
    try (Adversary reader = new Adversary(() -> broken.addAndGet(isWhole(file) ? 0 : 1))) {
      for (int i = 0; i < 50; i++) {
        act.run();
      }
    }
    return broken.get();
  }

  @Test
  @Tag("W1")
  void readersOfARewrittenFileSeeOldOrNew() throws Exception {
    AtomicInteger number = new AtomicInteger();
    holdsWhereTheJdkBreaks(
        root -> {
          Path file = root.resolve("config");
          Files.write(file, version(0));
          return readWhile(plain(file), () -> Files.write(file, version(number.incrementAndGet())));
        });
  }
}
