package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import dev.safefs.contract.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Readers and rivals against writers, movers and copiers on {@code safe:///}, each with its control
 * on the JDK's provider.
 */
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

  @Test
  @Tag("C2")
  void readersOfAReplacedCopySeeOldOrNew() throws Exception {
    holdsWhereTheJdkBreaks(
        root -> {
          Path source = Files.write(root.resolve("source"), version(1));
          Path target = root.resolve("target");
          Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING);
          return readWhile(
              plain(target), () -> Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING));
        });
  }

  @Test
  @Tag("M2")
  void readersOfAReplacedNameFindNoGap() throws Exception {
    holdsWhereTheJdkBreaks(
        root -> {
          Path source = root.resolve("source");
          Path target = Files.write(root.resolve("target"), version(1));
          return readWhile(
              plain(target),
              () -> {
                Files.write(plain(source), version(2));
                Files.move(source, target, StandardCopyOption.REPLACE_EXISTING);
              });
        });
  }

  @Test
  @Tag("M1")
  void aMoveNeverOverwritesARivalsFile() throws Exception {
    holdsWhereTheJdkBreaks(root -> overwritten(root, rival -> Files.createFile(rival)));
  }

  @Test
  @Tag("M1")
  void aMoveNeverOverwritesARivalsLink() throws Exception {
    holdsWhereTheJdkBreaks(
        root -> overwritten(root, rival -> Files.createSymbolicLink(rival, Path.of("nowhere"))));
  }

  private interface Rival {
    void creates(Path path) throws IOException;
  }

  private long overwritten(Path root, Rival rival) throws Exception {
    Path source = root.resolve("source");
    Path target = root.resolve("box");
    AtomicInteger started = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger created = new AtomicInteger();
    long broken = 0;
    Adversary.Step step =
        () -> {
          int round = started.get();
          if (ended.get() < round) {
            Budget.stagger(round);
            created.set(succeeds(() -> rival.creates(plain(target))) ? round : 0);
            ended.set(round);
          }
        };
    try (Adversary creator = new Adversary(step)) {
      for (int round = 1; round <= 200; round++) {
        Files.deleteIfExists(plain(target));
        Files.write(plain(source), new byte[] {1});
        started.set(round);
        boolean moved = succeeds(() -> Files.move(source, target));
        while (ended.get() < round) {
          Thread.onSpinWait();
        }
        broken += moved && created.get() == round ? 1 : 0;
      }
    }
    return broken;
  }

  private interface Call {
    void run() throws IOException;
  }

  private static boolean succeeds(Call call) throws IOException {
    try {
      call.run();
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  @Test
  @Tag("C1")
  void aCopyOfALinkNeverTakesTheSecretBehindIt() throws Exception {
    byte[] secret = {'s', 'e', 'c'};
    Path hidden = Files.write(work.resolve("hidden"), secret);
    holdsWhereTheJdkBreaks(
        root -> {
          Path source = root.resolve("source");
          Path copy = root.resolve("copy");
          Path swap = plain(root.resolve("swap"));
          Files.write(plain(source), new byte[] {'o', 'k'});
          long broken = 0;
          Adversary.Step step =
              () -> {
                Files.deleteIfExists(swap);
                Files.createSymbolicLink(swap, hidden);
                Files.move(swap, plain(source), StandardCopyOption.ATOMIC_MOVE);
                Files.write(swap, new byte[] {'o', 'k'});
                Files.move(swap, plain(source), StandardCopyOption.ATOMIC_MOVE);
              };
          try (Adversary swapper = new Adversary(step)) {
            for (int i = 0; i < 200; i++) {
              broken += leaks(source, copy, secret) ? 1 : 0;
            }
          }
          return broken;
        });
  }

  private boolean leaks(Path source, Path copy, byte[] secret) {
    try {
      Files.copy(source, copy, StandardCopyOption.REPLACE_EXISTING, LinkOption.NOFOLLOW_LINKS);
      return !Files.isSymbolicLink(plain(copy))
          && Arrays.equals(Files.readAllBytes(plain(copy)), secret);
    } catch (IOException e) {
      return false;
    }
  }
}
