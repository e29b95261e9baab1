package dev.safefs.portable;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safefs.SafeConfig;
import dev.safefs.op.Copier;
import dev.safefs.op.Linker;
import dev.safefs.op.Mover;
import dev.safefs.op.Opener;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.MoveRequest;
import dev.safefs.request.OpenRequest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An attack between any two calls of the delegate: promises hold as far as the guarantees say, and
 * the delegate by itself, asked before it acts, breaks them.
 */
@ParameterizedClass
@EnumSource(Ground.class)
class InterleavingTest {
  private final Ground ground;

  InterleavingTest(Ground ground) {
    this.ground = ground;
  }

  private static OpenRequest whole() {
    return OpenRequest.parse(Set.of(WRITE, CREATE, TRUNCATE_EXISTING), SafeConfig.confined());
  }

  @Test
  @Tag("R1")
  void readingBeneath() throws IOException {
    Attacks.race(
        ground,
        "R1",
        Attacks::directories,
        Attacks::swapDirectory,
        scene -> scene.noted().equals("outside"),
        Attacks::readBeneath,
        scene -> {
          Attacks.requireDirectory(scene, "d");
          try (FileChannel channel =
              scene.delegate().newFileChannel(scene.path("d/x"), Set.of(READ))) {
            scene.note(Attacks.read(channel));
          }
        });
  }

  @Test
  @Tag("R1")
  void writingBeneath() throws IOException {
    Attacks.race(
        ground,
        "R1",
        Attacks::directories,
        Attacks::swapDirectory,
        scene ->
            !Files.readString(scene.outside().resolve("x")).equals("outside")
                || scene.outsideNames() != 1,
        scene -> {
          try (FileChannel channel = Opener.open(scene.bench().place("d/x"), whole())) {
            Attacks.write(channel, "new");
          }
        },
        scene -> {
          Attacks.requireDirectory(scene, "d");
          try (FileChannel channel =
              scene.delegate().newFileChannel(scene.path("d/x"), Set.of(WRITE))) {
            Attacks.write(channel, "new");
          }
        });
  }

  @Test
  @Tag("W1")
  void wholeWrites() throws IOException {
    Attacks.watch(
        ground,
        "W1",
        scene -> scene.bench().file("a", "old"),
        scene -> !Set.of("old", "new").contains(scene.content("a")),
        scene -> {
          try (FileChannel channel = Opener.open(scene.bench().place("a"), whole())) {
            Attacks.write(channel, "new");
          }
        },
        scene -> {
          try (FileChannel channel =
              scene.delegate().newFileChannel(scene.path("a"), Set.of(WRITE, TRUNCATE_EXISTING))) {
            Attacks.write(channel, "new");
          }
        });
  }

  /** Whoever creates the target meanwhile keeps it, and the moved file has one of both names. */
  @Test
  @Tag("M1")
  void exclusiveMoves() throws IOException {
    Attacks.race(
        ground,
        "M1",
        scene -> scene.bench().file("a", "A"),
        scene -> Files.write(scene.path("b"), new byte[] {'R'}, CREATE_NEW, WRITE),
        scene ->
            !Set.of("A", "none").contains(scene.content("a"))
                || scene.content("a").equals("A") == scene.content("b").equals("A")
                || scene.noted().equals("over R"),
        scene -> {
          Mover.move(scene.bench().place("a"), scene.bench().place("b"), MoveRequest.parse());
        },
        scene -> {
          if (!Files.exists(scene.path("b"))) {
            scene.delegate().checkAccess(scene.path("a"));
            boolean isTaken = Files.exists(scene.path("b"));
            scene.delegate().move(scene.path("a"), scene.path("b"), REPLACE_EXISTING);
            scene.note(isTaken ? "over R" : "");
          }
        });
  }

  @Test
  @Tag("M2")
  void replacingMoves() throws IOException {
    Attacks.watch(
        ground,
        "M2",
        scene -> {
          scene.bench().file("a", "A");
          scene.bench().file("b", "B");
        },
        scene -> !Set.of("A", "B").contains(scene.content("b")),
        scene -> {
          Mover.move(
              scene.bench().place("a"),
              scene.bench().place("b"),
              MoveRequest.parse(REPLACE_EXISTING));
        },
        scene -> {
          scene.delegate().delete(scene.path("b"));
          scene.delegate().move(scene.path("a"), scene.path("b"));
        });
  }

  /** Content and time of the copy are those of one file. */
  @Test
  @Tag("C1")
  void copies() throws IOException {
    Attacks.race(
        ground,
        "C1",
        Attacks::twoFiles,
        Attacks::swapFile,
        scene -> {
          String copied = scene.content("b");
          Instant of = copied.equals("A") ? Attacks.PAST : Attacks.LONG_PAST;
          return !copied.equals("none")
              && !Files.getLastModifiedTime(scene.path("b")).toInstant().equals(of);
        },
        scene -> {
          Copier.copy(
              scene.bench().place("a"),
              scene.bench().place("b"),
              CopyRequest.parse(COPY_ATTRIBUTES));
        },
        scene -> {
          FileTime time =
              scene
                  .delegate()
                  .readAttributes(scene.path("a"), BasicFileAttributes.class)
                  .lastModifiedTime();
          try (FileChannel channel =
              scene.delegate().newFileChannel(scene.path("a"), Set.of(READ))) {
            Files.setLastModifiedTime(
                Files.writeString(scene.path("b"), Attacks.read(channel)), time);
          }
        });
  }

  @Test
  @Tag("L1")
  void replacedLinks() throws IOException {
    Attacks.watch(
        ground,
        "L1",
        scene -> scene.bench().link("l", "one"),
        scene -> !Files.isSymbolicLink(scene.path("l")),
        scene -> {
          Linker.replaceSymbolicLink(scene.bench().place("l"), "two");
        },
        scene -> {
          scene.delegate().delete(scene.path("l"));
          scene.delegate().createSymbolicLink(scene.path("l"), scene.path("two"));
        });
  }

  @Test
  @Tag("C2")
  void wholeCopies() throws IOException {
    String text = "0123456789abcdef".repeat(1 << 14);
    Attacks.watch(
        ground,
        "C2",
        scene -> scene.bench().file("a", text),
        scene -> !Set.of("none", text).contains(scene.content("b")),
        scene -> {
          Copier.copy(scene.bench().place("a"), scene.bench().place("b"), CopyRequest.parse());
        },
        scene -> {
          try (FileChannel channel =
              scene.delegate().newFileChannel(scene.path("b"), Set.of(WRITE, CREATE))) {
            Attacks.write(channel, text);
          }
        });
  }
}
