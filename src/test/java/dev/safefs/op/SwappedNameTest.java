package dev.safefs.op;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.InMemory;
import dev.safefs.RaceDetectedException;
import dev.safefs.SafeConfig;
import dev.safefs.SourceChangedException;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.sys.StrikingSyscalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another file gets the name right before system call 1, 2, 3 … of what is meant for one file. */
@Tag("D1")
@Tag("H2")
@Tag("H3")
class SwappedNameTest {
  private static final int MOST_CALLS = 200;

  @TempDir(factory = InMemory.class)
  Path base;

  /** What is done to the file that was meant, which holds {@code MEANT}. */
  private interface Act {
    void on(Scene scene, Object key) throws IOException;
  }

  /** How often a run ended how. */
  private static final class Tally {
    int done;
    int told;
    int otherLost;
  }

  private Tally strikeBeforeEachCall(Act act) throws IOException {
    Tally tally = new Tally();
    boolean hit = true;
    for (int n = 1; hit; n++) {
      assertThat(n).isLessThan(MOST_CALLS);
      Path dir = Files.createDirectory(base.resolve("" + n));
      Files.writeString(dir.resolve("name"), "MEANT");
      Files.writeString(dir.resolve("other"), "OTHER");
      Object key = Files.readAttributes(dir.resolve("name"), BasicFileAttributes.class).fileKey();
      StrikingSyscalls strikes = StrikingSyscalls.before(Scene.kernel(), n, () -> swap(dir));
      try (Scene scene = Scene.confined(dir, strikes.syscalls(), SafeConfig.confined())) {
        act.on(scene, key);
        tally.done++;
      } catch (SourceChangedException | RaceDetectedException | NoSuchFileException e) {
        tally.told++;
      }
      hit = strikes.hit();
      if (!contents(dir).contains("OTHER")) {
        tally.otherLost++;
      }
    }
    return tally;
  }

  /** The name leads to another file, the file that was meant is beside it. */
  private static void swap(Path dir) throws IOException {
    if (Files.exists(dir.resolve("name"))) {
      Files.move(dir.resolve("name"), dir.resolve("aside"));
    }
    Files.move(dir.resolve("other"), dir.resolve("name"), StandardCopyOption.ATOMIC_MOVE);
  }

  private static List<String> contents(Path dir) throws IOException {
    List<String> contents = new ArrayList<>();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.add(Files.readString(file));
      }
    }
    return contents;
  }

  /** A strike before the pin takes the other file: that one is pinned then, and not meant. */
  private static boolean isMeant(Pin pin, Object key) throws IOException {
    return pin.handle().stat().identity().fileKey().toString().equals(key.toString());
  }

  private static void isNeverAnother(Tally tally) {
    assertThat(tally.otherLost).as("another file was touched").isZero();
    assertThat(tally.done).as("done").isPositive();
  }

  @Test
  void aPinnedFileIsDeletedAndNeverAnother() throws IOException {
    isNeverAnother(
        strikeBeforeEachCall(
            (scene, key) -> {
              try (Pin pin = Pin.open(scene.place("name"), LinkMode.NOFOLLOW)) {
                if (isMeant(pin, key)) {
                  pin.delete();
                }
              }
            }));
  }

  @Test
  void aPinnedFileIsMovedAndNeverAnother() throws IOException {
    isNeverAnother(
        strikeBeforeEachCall(
            (scene, key) -> {
              try (Pin pin = Pin.open(scene.place("name"), LinkMode.NOFOLLOW)) {
                if (isMeant(pin, key)) {
                  pin.moveTo(scene.place("moved"), MoveRequest.parse());
                  assertThat(scene.content("moved")).isEqualTo("MEANT");
                }
              }
            }));
  }

  @Test
  void aFileIsDeletedByItsKeyAndNeverAnother() throws IOException {
    isNeverAnother(
        strikeBeforeEachCall((scene, key) -> Deleter.deleteIfSame(scene.place("name"), key)));
  }

  @Test
  void deletedByItsNameAnotherIsLost() throws IOException {
    Tally control =
        strikeBeforeEachCall(
            (scene, key) -> {
              if (scene.stat("name").identity().fileKey().toString().equals(key.toString())) {
                Deleter.delete(scene.place("name"));
              }
            });
    assertThat(control.otherLost).as("control: look, then delete").isPositive();
  }
}
