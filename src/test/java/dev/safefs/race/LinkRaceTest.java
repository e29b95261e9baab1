package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import dev.safefs.PinnedFile;
import dev.safefs.SafeFiles;
import dev.safefs.contract.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** Readers and rivals of links and files that are replaced, swapped and deleted, with controls. */
@OnKernels
class LinkRaceTest {
  private final Row row;

  private final AtomicLong reads = new AtomicLong();

  @TempDir Path machine;

  /** The same directory as the row's programs see it. */
  private Path dir;

  LinkRaceTest(Row row) {
    this.row = row;
  }

  @BeforeEach
  void look() throws IOException {
    dir = row.seen(machine);
  }

  private Path name(String text) {
    return dir.getFileSystem().getPath(text);
  }

  /** What replaces a link. */
  private interface Flip {
    void to(Path link, Path target) throws IOException;
  }

  private long absences(Path link, Flip flip) throws Exception {
    AtomicLong absent = new AtomicLong();
    Adversary.Step look =
        () -> {
          reads.incrementAndGet();
          try {
            Files.readAttributes(link, BasicFileAttributes.class);
          } catch (NoSuchFileException e) {
            absent.incrementAndGet();
          }
        };
    long before = reads.get();
    try (Adversary ignored = new Adversary(look)) {
      while (reads.get() == before) {
        Thread.onSpinWait();
      }
      for (int i = 0; i < 100; i++) {
        flip.to(link, name(i % 2 == 0 ? "a" : "b"));
      }
    }
    return absent.get();
  }

  @Test
  @Tag("L1")
  void readersOfAReplacedLinkAlwaysFindOne(TestReporter reporter) throws Exception {
    Files.createFile(dir.resolve("a"));
    Files.createFile(dir.resolve("b"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), name("a"));
    AtomicLong absent = new AtomicLong();
    Budget.race(() -> absent.addAndGet(absences(link, SafeFiles::replaceSymbolicLink)));
    assertThat(absent).hasValue(0);
    assertThat(reads).hasPositiveValue();
    reporter.publishEntry("reads of a link while it was replaced", reads.toString());
    Flip deleteFirst =
        (where, target) -> {
          Files.delete(where);
          Budget.gap();
          Files.createSymbolicLink(where, target);
        };
    if (!Budget.hasControls()) {
      return;
    }
    Budget.control(() -> absent.get() > 0, () -> absent.addAndGet(absences(link, deleteFirst)));
    assertThat(absent.get()).as("control: delete and create").isPositive();
    assertThat(machine.toFile().list()).containsExactlyInAnyOrder("a", "b", "link");
  }

  /** What a rival does, and whether it believes to have won. */
  private interface Swap {
    boolean by(String rival) throws IOException;
  }

  private static int winners(ExecutorService pool, Swap swap) throws Exception {
    List<Callable<Boolean>> rivals = List.of(() -> swap.by("one"), () -> swap.by("two"));
    int won = 0;
    for (Future<Boolean> rival : pool.invokeAll(rivals)) {
      won += rival.get() ? 1 : 0;
    }
    return won;
  }

  @Test
  @Tag("L2")
  void ofTwoWhoCompareAndSwapALinkNeverBothWin() throws Exception {
    Path link = dir.resolve("leader");
    Path nobody = name("nobody");
    Swap safe = rival -> SafeFiles.replaceSymbolicLink(link, nobody, name(rival));
    Swap naive =
        rival -> {
          if (!Files.readSymbolicLink(link).equals(nobody)) {
            return false;
          }
          Budget.gap();
          SafeFiles.replaceSymbolicLink(link, name(rival));
          return true;
        };
    bothNeverWin(() -> SafeFiles.replaceSymbolicLink(link, nobody), safe, naive);
  }

  @Test
  @Tag("L2")
  void ofTwoWhoCompareAndSwapAFileNeverBothWin() throws Exception {
    Path file = dir.resolve("state");
    Object[] key = new Object[1];
    Deque<PinnedFile> held = new ArrayDeque<>();
    Budget.Step reset =
        () -> {
          SafeFiles.write(file, out -> out.write('0'));
          close(held);
          // Held open, so that no later file gets its key.
          held.push(SafeFiles.pin(file));
          key[0] = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        };
    Swap safe =
        rival -> SafeFiles.replaceIfSame(file, key[0], out -> out.write(rival.getBytes("UTF-8")));
    Swap naive =
        rival -> {
          Object now = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
          if (!now.equals(key[0])) {
            return false;
          }
          Budget.gap();
          SafeFiles.write(file, out -> out.write(rival.getBytes("UTF-8")));
          return true;
        };
    bothNeverWin(reset, safe, naive);
    close(held);
  }

  private static void close(Deque<PinnedFile> held) throws IOException {
    while (!held.isEmpty()) {
      held.pop().close();
    }
  }

  private void bothNeverWin(Budget.Step reset, Swap safe, Swap naive) throws Exception {
    Assumptions.assumeFalse(row.lacksExchange(), "best effort is no promise; strict refuses");
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try {
      AtomicInteger both = new AtomicInteger();
      AtomicInteger any = new AtomicInteger();
      Budget.race(
          () -> {
            reset.run();
            int won = winners(pool, safe);
            any.addAndGet(won);
            both.addAndGet(won == 2 ? 1 : 0);
          });
      assertThat(both).hasValue(0);
      assertThat(any).hasPositiveValue();
      if (!Budget.hasControls()) {
        return;
      }
      Budget.control(
          () -> both.get() > 0,
          () -> {
            reset.run();
            both.addAndGet(winners(pool, naive) == 2 ? 1 : 0);
          });
      assertThat(both).as("control: look, then replace").hasPositiveValue();
    } finally {
      pool.shutdown();
    }
  }

  @Test
  @Tag("H2")
  void aPinnedDeleteNeverTakesAnotherFile() throws Exception {
    Path name = dir.resolve("name");
    Path aside = dir.resolve("aside");
    Path precious = dir.resolve("precious");
    AtomicLong lost = new AtomicLong();
    AtomicLong deleted = new AtomicLong();
    Delete safe =
        victim -> {
          try (PinnedFile file = SafeFiles.pin(victim, LinkOption.NOFOLLOW_LINKS)) {
            if (file.attributes().size() == 0) {
              file.delete();
              deleted.incrementAndGet();
            }
          }
        };
    Delete naive =
        victim -> {
          if (Files.size(victim) == 0) {
            Budget.gap();
            Files.delete(victim);
          }
        };
    Budget.race(() -> lost.addAndGet(swapping(name, aside, precious, safe)));
    assertThat(lost).hasValue(0);
    assertThat(deleted).hasPositiveValue();
    if (!Budget.hasControls()) {
      return;
    }
    Budget.control(
        () -> lost.get() > 0, () -> lost.addAndGet(swapping(name, aside, precious, naive)));
    assertThat(lost.get()).as("control: look, then delete").isPositive();
  }

  /** What deletes an empty file. */
  private interface Delete {
    void of(Path victim) throws IOException;
  }

  /** Returns 1 if the file that is not empty was lost, while it is exchanged with an empty one. */
  private long swapping(Path name, Path aside, Path precious, Delete delete) throws Exception {
    Files.deleteIfExists(name);
    Files.deleteIfExists(aside);
    Files.createFile(name);
    Files.writeString(aside, "precious");
    Files.deleteIfExists(precious);
    Files.createLink(precious, aside);
    try (Adversary ignored = new Adversary(() -> exchange(name, aside))) {
      for (int i = 0; i < 20; i++) {
        try {
          delete.of(name);
          Files.createFile(name);
        } catch (IOException e) {
          // Lost to the other side: it was moved, or another has the name.
          continue;
        }
      }
    }
    return (int) Files.getAttribute(precious, "unix:nlink") == 2 ? 0 : 1;
  }

  private void exchange(Path name, Path aside) throws IOException {
    SafeFiles.exchange(
        machine.resolve(name.getFileName().toString()),
        machine.resolve(aside.getFileName().toString()));
  }
}
