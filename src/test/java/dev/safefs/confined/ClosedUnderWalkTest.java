package dev.safefs.confined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safefs.SafeFiles;
import dev.safefs.TreeEntry;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file system is closed under a walk, which does not pass off what it has seen for the whole. */
@Tag("D2")
@Timeout(60)
class ClosedUnderWalkTest {
  private static final int DEPTH = 30;
  private static final int WALKS = 20;

  @TempDir Path temporary;
  private FileSystem safe;
  private long before;

  @BeforeEach
  void plant() throws IOException {
    Ground ground = Ground.plant(temporary);
    ground.directory("tree/" + "d/".repeat(DEPTH));
    safe = ground.open(Map.of());
    try (Stream<TreeEntry> warm = walk()) {
      assertThat(warm).hasSize(DEPTH + 1);
    }
    before = descriptors();
  }

  private Stream<TreeEntry> walk() throws IOException {
    return SafeFiles.walk(safe.getPath("/tree"));
  }

  @Test
  void aWalkThatHasNotBegunThrowsAndHoldsNothing() throws IOException {
    Stream<TreeEntry> entries = walk();
    safe.close();
    assertThat(descriptors()).isLessThanOrEqualTo(before);
    assertThatThrownBy(entries::count).isInstanceOf(ClosedFileSystemException.class);
    assertThatCode(entries::close).doesNotThrowAnyException();
  }

  @Test
  void aWalkUnderWayThrowsAndHoldsNothing() throws IOException {
    Stream<TreeEntry> entries = walk();
    Iterator<TreeEntry> iterator = entries.iterator();
    for (int i = 0; i < DEPTH / 2; i++) {
      iterator.next();
    }
    assertThat(iterator.hasNext()).isTrue();
    safe.close();
    assertThat(descriptors()).isLessThanOrEqualTo(before);
    assertThat(iterator.next()).as("read before").isNotNull();
    assertThatThrownBy(iterator::hasNext).isInstanceOf(ClosedFileSystemException.class);
    assertThatThrownBy(iterator::next).isInstanceOf(ClosedFileSystemException.class);
    entries.close();
  }

  @Test
  void aWalkThatHasEndedStaysEnded() throws IOException {
    Stream<TreeEntry> entries = walk();
    Iterator<TreeEntry> iterator = entries.iterator();
    iterator.forEachRemaining(entry -> {});
    safe.close();
    assertThat(iterator.hasNext()).isFalse();
  }

  @Test
  void aClosedWalkThrows() throws IOException {
    Stream<TreeEntry> entries = walk();
    Iterator<TreeEntry> iterator = entries.iterator();
    iterator.next();
    entries.close();
    assertThatThrownBy(iterator::hasNext).isExactlyInstanceOf(IllegalStateException.class);
    entries.close();
    safe.close();
    assertThatThrownBy(iterator::hasNext).isExactlyInstanceOf(IllegalStateException.class);
  }

  /** Each of the walks gives all entries or throws, at whatever moment it is closed. */
  @RepeatedTest(20)
  void aWalkOfAnotherThreadIsClosedBetweenTwoEntries() throws Exception {
    List<Stream<TreeEntry>> walks = new ArrayList<>();
    for (int i = 0; i < WALKS; i++) {
      walks.add(walk());
    }
    CountDownLatch walking = new CountDownLatch(1);
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> walker =
          thread.submit(
              () ->
                  walks.forEach(
                      walk -> {
                        try {
                          assertThat(walk.peek(entry -> walking.countDown()).toList())
                              .hasSize(DEPTH + 1);
                        } catch (ClosedFileSystemException e) {
                          // Told that it was not all.
                        }
                      }));
      walking.await();
      safe.close();
      walker.get();
    } finally {
      thread.shutdownNow();
    }
    assertThat(descriptors()).isLessThanOrEqualTo(before);
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
