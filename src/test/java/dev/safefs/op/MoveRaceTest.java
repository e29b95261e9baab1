package dev.safefs.op;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.SafeConfig;
import dev.safefs.sys.DenyingSyscalls;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Syscalls;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Movers against movers, creators and readers. What the JDK's own provider does in these races is
 * shown by the controls of {@code race/MovingRaceTest}.
 */
class MoveRaceTest {
  private static final long NANOSECONDS = Long.getLong("safefs.race.milliseconds", 600) * 1_000_000;

  @TempDir Path dir;

  private interface Contender {
    void run(Scene scene) throws IOException;
  }

  /** Lets two contenders start at once, and returns how many did not find the target taken. */
  private static int contend(CyclicBarrier start, Scene scene, Contender one, Contender two)
      throws Exception {
    AtomicInteger winners = new AtomicInteger();
    Thread other = new Thread(() -> attempt(start, scene, two, winners));
    other.start();
    attempt(start, scene, one, winners);
    other.join();
    return winners.get();
  }

  private static void attempt(
      CyclicBarrier start, Scene scene, Contender contender, AtomicInteger winners) {
    try {
      start.await();
      contender.run(scene);
      winners.incrementAndGet();
    } catch (FileAlreadyExistsException e) {
      // The other one was first.
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static Syscalls kernel(String name) {
    DenyingSyscalls sys = new DenyingSyscalls(Scene.kernel());
    if (name.equals("old kernel")) {
      sys.deny(Errno.ENOSYS, "renameat2");
    }
    return sys.syscalls();
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "old kernel"})
  @Tag("M1")
  void ofTwoMoversAndOfMoverAndCreatorOneWinsAndNoFileIsLost(String kernel) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (Scene scene = Scene.confined(dir, kernel(kernel), SafeConfig.confined())) {
      long end = System.nanoTime() + NANOSECONDS;
      for (int i = 0; System.nanoTime() < end; i++) {
        String target = "t" + i;
        scene.file("a", "A");
        scene.file("b", "B");
        boolean creator = i % 2 == 0;
        Contender second =
            creator ? own -> Files.createFile(own.path(target)) : own -> own.move("b", target);
        assertThat(contend(start, scene, own -> own.move("a", target), second)).isEqualTo(1);
        boolean moved = !Files.exists(scene.path("a"));
        assertThat(scene.content(target)).isEqualTo(moved ? "A" : creator ? "" : "B");
        assertThat(Files.exists(scene.path("b"))).isEqualTo(creator || moved);
        Files.delete(scene.path(target));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"kernel", "old kernel"})
  @Tag("M1")
  void ofTwoMoversOfADirectoryOneWins(String kernel) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (Scene scene = Scene.confined(dir, kernel(kernel), SafeConfig.confined())) {
      long end = System.nanoTime() + NANOSECONDS;
      for (int i = 0; System.nanoTime() < end; i++) {
        for (String name : new String[] {"a", "b"}) {
          if (!Files.exists(scene.path(name))) {
            scene.directory(name);
            scene.file(name + "/inner", name);
          }
        }
        int winners = contend(start, scene, own -> own.move("a", "t"), own -> own.move("b", "t"));
        assertThat(winners).isEqualTo(1);
        String winner = scene.content("t/inner");
        assertThat(Files.exists(scene.path(winner))).isFalse();
        assertThat(scene.names()).hasSize(2);
        TreeOps.deleteTree(scene.place("t"), TreePlan.STOP);
      }
    }
  }

  @Test
  @Tag("M2")
  @Tag("C2")
  void readersOfAReplacedTargetFindItWhole() throws Exception {
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger gaps = new AtomicInteger();
    AtomicInteger torn = new AtomicInteger();
    try (Scene scene =
        Scene.confined(dir, Scene.kernel(), SafeConfig.confined().with("durability", "none"))) {
      String content = "0123456789".repeat(10_000);
      scene.file("t", content);
      scene.file("a", content);
      Thread reader =
          new Thread(
              () -> {
                while (!stop.get()) {
                  try {
                    torn.addAndGet(scene.content("t").length() == content.length() ? 0 : 1);
                  } catch (NoSuchFileException e) {
                    gaps.incrementAndGet();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                }
              });
      reader.start();
      long end = System.nanoTime() + NANOSECONDS;
      for (int i = 0; System.nanoTime() < end; i++) {
        scene.copy("a", "b");
        if (i % 2 == 0) {
          scene.move("b", "t", REPLACE_EXISTING);
        } else {
          scene.copy("b", "t", REPLACE_EXISTING);
          Deleter.delete(scene.place("b"));
        }
      }
      stop.set(true);
      reader.join();
    }
    assertThat(gaps).hasValue(0);
    assertThat(torn).hasValue(0);
  }
}
