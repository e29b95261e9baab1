package dev.safefs.portable;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safefs.handle.Dir;
import dev.safefs.op.Pin;
import dev.safefs.op.TreeOps;
import dev.safefs.op.TreePlan;
import dev.safefs.portable.Interleaving.Scene;
import dev.safefs.portable.Interleaving.Step;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * As {@link InterleavingTest}, for what is held open: a file that loses its name to another, a
 * directory that becomes a link to one outside.
 */
@ParameterizedClass
@EnumSource(Ground.class)
class HeldInterleavingTest {
  private final Ground ground;

  HeldInterleavingTest(Ground ground) {
    this.ground = ground;
  }

  /** What is put back before it is looked at again is seen only where directories are held. */
  @Test
  @Tag("R1")
  void readingBeneathWhatIsPutBack() throws IOException {
    List<Interleaving.Outcome> outcomes =
        Interleaving.of(ground, Attacks::directories)
            .attackedAndUndone(
                Attacks::readBeneath,
                Attacks::swapDirectory,
                scene -> {
                  Files.delete(scene.path("d"));
                  Files.move(scene.path("away"), scene.path("d"), ATOMIC_MOVE);
                },
                scene -> scene.noted().equals("outside"));
    if (holds() == Hold.OPEN || !opensThroughLinks()) {
      assertThat(outcomes).noneMatch(Interleaving.Outcome::broken);
    } else {
      Interleaving.assertBreaks(outcomes);
    }
  }

  /** Of memoryfilesystem, NOFOLLOW_LINKS opens nothing through a link, as other delegates do. */
  private boolean opensThroughLinks() throws IOException {
    Path root = ground.open();
    try {
      Files.createFile(Files.createDirectory(root.resolve("d")).resolve("x"));
      Files.createSymbolicLink(root.resolve("l"), root.resolve("d"));
      Files.newByteChannel(root.resolve("l").resolve("x"), READ, NOFOLLOW_LINKS).close();
      return true;
    } catch (FileSystemException e) {
      return false;
    } finally {
      ground.discard(root);
    }
  }

  private Hold holds() throws IOException {
    Path root = ground.open();
    try (Bench bench = Bench.over(root)) {
      return bench.engine.holds(bench.anchor);
    } finally {
      ground.discard(root);
    }
  }

  @Test
  @Tag("L4")
  void linksOfWhatIsHeld() throws IOException {
    held(
        "L4",
        scene -> scene.noted().equals("A") && scene.content("h").equals("O"),
        (scene, pin) -> pin.linkTo(scene.bench().place("h")),
        scene -> scene.delegate().createLink(scene.path("h"), scene.path("a")));
  }

  @Test
  @Tag("D1")
  @Tag("H2")
  void deletionOfWhatIsHeld() throws IOException {
    Interleaving.Look look =
        scene ->
            scene.noted().equals("A")
                && !scene.content("a").equals("O")
                && !scene.content("other").equals("O");
    for (String promise : new String[] {"D1", "H2"}) {
      held(
          promise,
          look,
          (scene, pin) -> pin.delete(),
          scene -> scene.delegate().delete(scene.path("a")));
    }
  }

  @Test
  @Tag("H2")
  void movesOfWhatIsHeld() throws IOException {
    held(
        "H2",
        scene -> scene.noted().equals("A") && scene.content("b").equals("O"),
        (scene, pin) -> pin.moveTo(scene.bench().place("b"), MoveRequest.parse()),
        scene -> scene.delegate().move(scene.path("a"), scene.path("b")));
  }

  @Test
  @Tag("A1")
  void attributesOfWhatIsHeld() throws IOException {
    held(
        "A1",
        scene ->
            scene.noted().equals("A")
                && scene.content("a").equals("O")
                && !Files.getLastModifiedTime(scene.path("a"))
                    .toInstant()
                    .equals(Attacks.LONG_PAST),
        (scene, pin) -> pin.handle().setTimes(Instant.EPOCH, Instant.EPOCH),
        scene -> {
          FileTime epoch = FileTime.from(Instant.EPOCH);
          scene
              .delegate()
              .getFileAttributeView(scene.path("a"), BasicFileAttributeView.class)
              .setTimes(epoch, epoch, null);
        });
  }

  @Test
  @Tag("H1")
  void contentOfWhatIsHeld() throws IOException {
    held(
        "H1",
        scene ->
            scene.noted().equals("A")
                && !scene.content("read").equals("none")
                && !scene.content("read").equals("A"),
        (scene, pin) -> {
          try (FileChannel channel = pin.handle().channel(Set.of(READ))) {
            scene.bench().file("read", Attacks.read(channel));
          }
        },
        scene -> {
          try (FileChannel channel =
              scene.delegate().newFileChannel(scene.path("a"), Set.of(READ))) {
            scene.bench().file("read", Attacks.read(channel));
          }
        });
  }

  /** Deletes a tree of which a directory becomes a link to one outside. */
  @Test
  @Tag("D2")
  void trees() throws IOException {
    Attacks.race(
        ground,
        "D2",
        Attacks::directories,
        Attacks::swapDirectory,
        scene -> !Files.exists(scene.outside().resolve("x")),
        scene -> {
          TreeOps.deleteTree(scene.bench().place("d"), TreePlan.STOP);
        },
        scene -> {
          Attacks.requireDirectory(scene, "d");
          try (DirectoryStream<Path> entries =
              scene.delegate().newDirectoryStream(scene.path("d"), entry -> true)) {
            for (Path entry : entries) {
              scene.delegate().delete(scene.path("d").resolve(entry.getFileName()));
            }
          }
        });
  }

  /** Deletes in a directory that was opened before it becomes a link. */
  @Test
  @Tag("S1")
  void openDirectories() throws IOException {
    Attacks.race(
        ground,
        "S1",
        Attacks::directories,
        Attacks::swapDirectory,
        scene -> !Files.exists(scene.outside().resolve("x")),
        scene -> {
          try (Dir dir = scene.bench().anchor.openDir(Bench.route("d"), LinkMode.FOLLOW)) {
            dir.unlink(Bench.name("x"));
          }
        },
        scene -> {
          Attacks.requireDirectory(scene, "d");
          scene.delegate().delete(scene.path("d/x"));
        });
  }

  /** Something done with a file that is held. */
  private interface Held {
    void on(Scene scene, Pin pin) throws IOException;
  }

  /**
   * Does something with a file that is held while its name goes to another; the result is which of
   * both it was.
   */
  private void held(String promise, Interleaving.Look look, Held safe, Step delegate)
      throws IOException {
    Attacks.race(
        ground,
        promise,
        Attacks::twoFiles,
        Attacks::swapFile,
        look,
        scene -> {
          try (Pin pin = Pin.open(scene.bench().place("a"), LinkMode.NOFOLLOW)) {
            scene.note(pin.handle().stat().modified().equals(Attacks.PAST) ? "A" : "O");
            safe.on(scene, pin);
          }
        },
        scene -> {
          scene.note(scene.content("a"));
          scene.delegate().checkAccess(scene.path("a"));
          delegate.on(scene);
        });
  }
}
