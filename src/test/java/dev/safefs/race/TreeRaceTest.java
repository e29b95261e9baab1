package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import dev.safefs.SafeFiles;
import dev.safefs.TreeOption;
import dev.safefs.contract.Row;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Trees whose directories are swapped for links and FIFOs while they are deleted and copied. */
@OnKernels
@Tag("D2")
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TreeRaceTest {
  private static final int WIDTH = 6;
  private static final TreeOption GO_ON =
      TreeOption.onFailure((path, failure) -> TreeOption.Decision.IGNORE);

  private final Row row;

  @TempDir Path dir;
  private Path tree;
  private Path outside;
  private Path fifo;

  TreeRaceTest(Row row) {
    this.row = row;
  }

  /** What is done to a tree. */
  private interface Act {
    void on(Path root) throws IOException;
  }

  @BeforeEach
  void plantOutside() throws IOException, InterruptedException {
    tree = dir.resolve("tree");
    outside = Files.createDirectory(dir.resolve("outside"));
    fifo = dir.resolve("fifo");
    assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor()).isZero();
    plantPrecious();
  }

  private void plantPrecious() throws IOException {
    for (int i = 0; i < WIDTH; i++) {
      Files.writeString(outside.resolve("f" + i), "SECRET");
    }
  }

  private long losses() throws IOException {
    try (Stream<Path> kept = Files.list(outside)) {
      return WIDTH - kept.count();
    }
  }

  private void plant() {
    try {
      Files.createDirectories(tree);
      for (int d = 0; d < WIDTH; d++) {
        Path sub = Files.createDirectories(tree.resolve("d" + d));
        for (int f = 0; f < WIDTH; f++) {
          plantFile(sub.resolve("f" + f));
        }
      }
    } catch (IOException e) {
      // The other side's link or FIFO is in the way: there is enough of a tree.
      return;
    }
  }

  /** Never through the other side's link: all these names are taken there. */
  private static void plantFile(Path file) throws IOException {
    try {
      Files.writeString(file, "x", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      return;
    }
  }

  /**
   * Puts a link to the outside, then a FIFO, in the place of a directory, and the directory back.
   */
  private void swap() throws IOException {
    for (int d = 0; d < WIDTH; d++) {
      Path victim = tree.resolve("d" + d);
      Path aside = dir.resolve("aside" + d);
      Path bait = dir.resolve("bait");
      Files.deleteIfExists(bait);
      try {
        Files.move(victim, aside, StandardCopyOption.ATOMIC_MOVE);
      } catch (NoSuchFileException e) {
        continue;
      }
      Files.createSymbolicLink(bait, outside);
      Files.move(bait, victim, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(victim);
      Files.createLink(bait, fifo);
      Files.move(bait, victim, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(victim);
      Files.move(aside, victim, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void tidy() {
    for (int d = 0; d < WIDTH; d++) {
      deleteQuietly(dir.resolve("aside" + d));
    }
    deleteQuietly(dir.resolve("bait"));
  }

  private static void deleteQuietly(Path path) {
    try {
      SafeFiles.deleteTree(path, GO_ON);
    } catch (IOException e) {
      // Not there.
      return;
    }
  }

  private void attempt(Act act) throws Exception {
    plant();
    try (Adversary ignored = new Adversary(this::swap, this::tidy)) {
      for (int i = 0; i < 10; i++) {
        try {
          act.on(row.seen(tree));
        } catch (IOException e) {
          // A typed failure is an outcome, too.
        }
        plant();
      }
    }
    deleteQuietly(tree);
  }

  @Test
  void aTreeIsDeletedAndNothingOutside() throws Exception {
    AtomicLong lost = new AtomicLong();
    Budget.race(
        () -> {
          attempt(root -> SafeFiles.deleteTree(root, GO_ON));
          lost.addAndGet(losses());
        });
    assertThat(lost).hasValue(0);
    if (!Budget.hasControls()) {
      return;
    }
    plant();
    deleteByPaths(tree);
    lost.addAndGet(losses());
    assertThat(lost.get()).as("control: by paths").isPositive();
  }

  @Test
  void aTreeIsCopiedAndNothingOfOutside() throws Exception {
    AtomicLong revealed = new AtomicLong();
    Path copy = dir.resolve("copy");
    Budget.race(
        () ->
            attempt(
                root -> {
                  SafeFiles.copyTree(root, row.seen(copy), GO_ON, LinkOption.NOFOLLOW_LINKS);
                  revealed.addAndGet(secrets(copy));
                  SafeFiles.deleteTree(copy);
                }));
    assertThat(revealed).hasValue(0);
    if (!Budget.hasControls()) {
      return;
    }
    deleteQuietly(copy);
    plant();
    copyByPaths(tree, copy);
    revealed.addAndGet(secrets(copy));
    assertThat(revealed.get()).as("control: by paths").isPositive();
  }

  private static long secrets(Path copy) throws IOException {
    if (!Files.exists(copy)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(copy)) {
      return files
          .filter(file -> file.getNameCount() > copy.getNameCount() + 1)
          .filter(file -> file.toFile().length() == "SECRET".length())
          .count();
    }
  }

  /**
   * As programs do that look, and then act on what they have seen. The swap comes in between, as it
   * does now and then when it is left to chance.
   */
  private void deleteByPaths(Path root) throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : entries.toList()) {
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          swapForLink(entry);
          deleteByPaths(entry);
        }
        Files.deleteIfExists(entry);
      }
    }
  }

  private void copyByPaths(Path root, Path copy) throws IOException {
    Files.createDirectories(copy);
    try (Stream<Path> entries = Files.list(root)) {
      for (Path entry : entries.toList()) {
        Path target = copy.resolve(entry.getFileName());
        if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          swapForLink(entry);
          copyByPaths(entry, target);
        } else if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          Files.copy(entry, target);
        }
      }
    }
  }

  private void swapForLink(Path victim) throws IOException {
    Files.move(victim, dir.resolve("swapped-" + victim.getFileName()));
    Files.createSymbolicLink(victim, outside);
  }
}
