package dev.safefs.portable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.PathEscapeException;
import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.op.Mover;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Attackers and rivals: what is said to be kept is never broken, and rivals lose no file. */
@ParameterizedClass
@EnumSource(Ground.class)
class RaceTest {
  private static final int ROUNDS = 200;
  private static final int RIVALS = 3;

  private final Ground ground;
  private Path top;
  private Bench bench;

  RaceTest(Ground ground) {
    this.ground = ground;
  }

  /** Returns what is tested; overridden for delegates that lack something. */
  Bench bench(Path root) throws IOException {
    return Bench.over(root);
  }

  @BeforeEach
  void open() throws IOException {
    top = ground.open();
    bench = bench(Files.createDirectory(top.resolve("root")));
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
    ground.discard(top);
  }

  @Test
  @Tag("M1")
  void ofRacingMoversOneWinsAndNoFileIsLost() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(RIVALS);
    try {
      for (int round = 0; round < ROUNDS / 10; round++) {
        CyclicBarrier start = new CyclicBarrier(RIVALS);
        AtomicInteger winners = new AtomicInteger();
        List<Callable<Void>> rivals = new ArrayList<>();
        for (int i = 0; i < RIVALS; i++) {
          String source = "source" + i;
          bench.file(source, source);
          rivals.add(
              () -> {
                start.await();
                try {
                  Mover.move(bench.place(source), bench.place("target"), MoveRequest.parse());
                  winners.incrementAndGet();
                } catch (FileAlreadyExistsException e) {
                  assertThat(Files.exists(bench.path(source))).isTrue();
                }
                return null;
              });
        }
        for (Future<Void> done : pool.invokeAll(rivals)) {
          done.get();
        }
        assertThat(winners).hasValue(1);
        assertThat(bench.names()).hasSize(RIVALS);
        String won = bench.content("target");
        assertThat(bench.names()).doesNotContain(won).contains("target");
        Files.delete(bench.path("target"));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  @Tag("R1")
  void aSwappedDirectoryShowsNothingOutsideOrTheRaceIsTold() throws Exception {
    Path outside = Files.createDirectory(top.resolve("outside"));
    Files.writeString(outside.resolve("x"), "outside");
    bench.directory("d");
    bench.file("d/x", "inside");
    AtomicBoolean over = new AtomicBoolean();
    Thread attacker = new Thread(() -> swap(outside, over));
    attacker.start();
    int leaks = 0;
    try {
      for (int i = 0; i < ROUNDS * 5; i++) {
        leaks += read().equals("outside") ? 1 : 0;
      }
    } finally {
      over.set(true);
      attacker.join();
    }
    if (bench.engine.holds(bench.anchor) == Hold.OPEN) {
      assertThat(leaks).isZero();
    }
    assertThat(bench.anchor.isConfining()).isTrue();
  }

  /** Reads the file in the directory that is swapped, by handle all the way. */
  private String read() throws IOException {
    try (Dir dir = bench.anchor.openDir(Bench.route("d"), LinkMode.FOLLOW);
        FileHandle file = dir.find(Bench.name("x")).orElseThrow();
        FileChannel channel = file.channel(Set.of(StandardOpenOption.READ))) {
      return new String(
          Channels.newInputStream(channel).readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (PathEscapeException | RaceDetectedException e) {
      return "told";
    } catch (FileSystemException | java.util.NoSuchElementException e) {
      return "refused";
    }
  }

  private void swap(Path outside, AtomicBoolean over) {
    Path d = bench.path("d");
    Path away = bench.path("away");
    try {
      while (!over.get()) {
        Files.move(d, away, StandardCopyOption.ATOMIC_MOVE);
        Files.createSymbolicLink(d, outside);
        Files.delete(d);
        Files.move(away, d, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void exclusiveMovesAreThoseOfTheTable() throws IOException {
    try (Dir dir = bench.dir()) {
      boolean exclusive = Trait.of(top.getFileSystem()).contains(Trait.EXCLUSIVE_MOVE);
      assertThat(dir.capabilities().mayHave(Capability.RENAME_NO_REPLACE)).isEqualTo(exclusive);
    }
  }
}
