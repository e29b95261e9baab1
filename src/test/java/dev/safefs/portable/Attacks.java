package dev.safefs.portable;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.READ;

import dev.safefs.handle.FileHandle;
import dev.safefs.portable.Interleaving.Scene;
import dev.safefs.portable.Interleaving.Step;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;

/** Attacks of one step, and what they are made on. */
final class Attacks {
  static final Instant PAST = Instant.ofEpochSecond(1_000_000_000);
  static final Instant LONG_PAST = Instant.ofEpochSecond(500_000_000);

  private Attacks() {}

  /** A file, and another one that will take its name. */
  static void twoFiles(Scene scene) throws IOException {
    Files.setLastModifiedTime(scene.bench().file("a", "A"), FileTime.from(PAST));
    Files.setLastModifiedTime(scene.bench().file("other", "O"), FileTime.from(LONG_PAST));
  }

  static void swapFile(Scene scene) throws IOException {
    Files.move(scene.path("a"), scene.path("away"), ATOMIC_MOVE);
    Files.move(scene.path("other"), scene.path("a"), ATOMIC_MOVE);
  }

  /** A directory that will be a link to one outside. */
  static void directories(Scene scene) throws IOException {
    Files.writeString(scene.outside().resolve("x"), "outside");
    scene.bench().directory("d");
    scene.bench().file("d/x", "inside");
  }

  static void swapDirectory(Scene scene) throws IOException {
    Files.move(scene.path("d"), scene.path("away"), ATOMIC_MOVE);
    Files.createSymbolicLink(scene.path("d"), scene.outside());
  }

  static void requireDirectory(Scene scene, String name) throws IOException {
    if (!scene
        .delegate()
        .readAttributes(scene.path(name), BasicFileAttributes.class, NOFOLLOW_LINKS)
        .isDirectory()) {
      throw new NoSuchFileException(name);
    }
  }

  static String read(FileChannel channel) throws IOException {
    return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
  }

  static void write(FileChannel channel, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      ByteBuffer part = bytes.slice().limit(Math.min(bytes.remaining(), 1 << 12));
      bytes.position(bytes.position() + channel.write(part));
    }
  }

  static void readBeneath(Scene scene) throws IOException {
    try (FileHandle file = scene.bench().anchor.open(Bench.route("d/x"), LinkMode.FOLLOW);
        FileChannel channel = file.channel(Set.of(READ))) {
      scene.note(read(channel));
    }
  }

  /** Attacks the operation, and beside it the delegate itself. */
  static void race(
      Ground ground,
      String promise,
      Step prepare,
      Step attack,
      Interleaving.Look look,
      Step safe,
      Step delegate)
      throws IOException {
    Interleaving race = Interleaving.of(ground, prepare);
    Interleaving.assertBreaks(race.attacked(delegate, attack, look));
    Interleaving.assertHolds(ground, promise, race.attacked(safe, attack, look));
  }

  /** Watches the operation, and beside it the delegate itself. */
  static void watch(
      Ground ground, String promise, Step prepare, Interleaving.Look look, Step safe, Step delegate)
      throws IOException {
    Interleaving race = Interleaving.of(ground, prepare);
    Interleaving.assertBreaks(race.watched(delegate, look));
    Interleaving.assertHolds(ground, promise, race.watched(safe, look));
  }
}
