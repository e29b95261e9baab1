package dev.safefs.race;

import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import demo.Maze;
import demo.Rival;
import dev.safefs.JdkPaths;
import dev.safefs.Requirement;
import dev.safefs.SourceChangedException;
import dev.safefs.contract.Row;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Rivals and readers against movers, and against moves to another file system, each with its
 * control on the JDK.
 */
@OnKernels
class MovingRaceTest {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final int SIZE = 256 * 1024;

  private final Row row;

  @TempDir Path work;

  MovingRaceTest(Row row) {
    this.row = row;
  }

  /** One round. Returns whether something was lost in it. */
  private interface Round {
    boolean loses(String scheme) throws Exception;
  }

  private void holdsWhereTheJdkBreaks(Round round) throws Exception {
    AtomicLong lost = new AtomicLong();
    Budget.race(() -> lost.addAndGet(round.loses("safe") ? 1 : 0));
    assertThat(lost).hasValue(0);
    if (!Budget.hasControls()) {
      return;
    }
    Budget.control(() -> lost.get() > 0, () -> lost.addAndGet(round.loses("file") ? 1 : 0));
    assertThat(lost.get()).as("control on the JDK").isPositive();
  }

  private Path on(String scheme, Path path) throws IOException {
    Path jdk = JdkPaths.of(path);
    return scheme.equals("file") ? Maze.to(jdk) : row.seen(jdk);
  }

  /** A call that may find the name taken. */
  private interface Call {
    void run() throws IOException;
  }

  private static boolean wins(Call call) {
    try {
      call.run();
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What a rival makes of the target's name, while something of the like is moved there. */
  enum Kind {
    FILE {
      @Override
      void create(Path name, Path other) throws IOException {
        Files.createFile(name);
      }
    },
    DIRECTORY {
      @Override
      void create(Path name, Path other) throws IOException {
        Files.createDirectory(name);
      }
    },
    SYMBOLIC_LINK {
      @Override
      void create(Path name, Path other) throws IOException {
        Files.createSymbolicLink(name, other);
      }
    },
    HARD_LINK {
      @Override
      void create(Path name, Path other) throws IOException {
        Files.createLink(name, other);
      }
    };

    abstract void create(Path name, Path other) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  @Tag("M1")
  void ofAMoverAndACreatorOneWins(Kind kind) throws Exception {
    Path other = Files.createFile(work.resolve("other"));
    Path source = work.resolve("source");
    Path target = work.resolve("target");
    AtomicBoolean created = new AtomicBoolean();
    Adversary.Step create = () -> created.set(wins(() -> kind.create(target, other)));
    try (Rival creator = new Rival(create)) {
      holdsWhereTheJdkBreaks(
          scheme -> {
            Files.deleteIfExists(target);
            if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
              // Not another name of one file, which is moved onto itself.
              (kind == Kind.HARD_LINK ? Kind.FILE : kind).create(source, other);
            }
            AtomicBoolean moved = new AtomicBoolean();
            Path from = on(scheme, source);
            Path to = on(scheme, target);
            creator.meet(() -> moved.set(wins(() -> Files.move(from, to))));
            return moved.get() && created.get();
          });
    }
  }

  @Test
  @Tag("M2")
  void readersOfATargetThatIsReplacedAlwaysFindIt() throws Exception {
    Path target = Files.createFile(work.resolve("target"));
    AtomicInteger missed = new AtomicInteger();
    Adversary.Step read =
        () -> {
          if (!Files.exists(target)) {
            missed.incrementAndGet();
          }
        };
    Path source = work.resolve("source");
    try (Adversary reader = new Adversary(read)) {
      holdsWhereTheJdkBreaks(
          scheme -> {
            Files.createFile(source);
            Files.move(on(scheme, source), on(scheme, target), StandardCopyOption.REPLACE_EXISTING);
            return missed.getAndSet(0) > 0;
          });
    }
  }

  @Test
  @Tag("M3")
  void aSourceThatIsReplacedWhileItMovesAcrossIsKept() throws Exception {
    boolean differ =
        Files.isWritable(MEMORY) && !Files.getFileStore(MEMORY).equals(Files.getFileStore(work));
    Requirement.present(differ, "two file systems");
    Path far = Files.createTempDirectory(MEMORY, "safefs-race");
    try {
      raceAcross(far);
    } finally {
      try (Stream<Path> all = Files.walk(far)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private void raceAcross(Path far) throws Exception {
    byte[] first = new byte[SIZE];
    byte[] second = new byte[SIZE];
    Arrays.fill(second, (byte) 2);
    Path source = far.resolve("source");
    Path spare = far.resolve("spare");
    Path target = work.resolve("target");
    Adversary.Step replace = () -> Files.move(spare, source, StandardCopyOption.ATOMIC_MOVE);
    try (Rival replacer = new Rival(replace)) {
      holdsWhereTheJdkBreaks(
          scheme -> {
            Files.deleteIfExists(target);
            Files.write(source, first);
            Files.write(spare, second);
            Path from = on(scheme, source);
            Path to = on(scheme, target);
            replacer.meet(() -> moveAcross(from, to));
            return !holds(source, second) && !holds(target, second);
          });
    }
  }

  private static void moveAcross(Path source, Path target) throws IOException {
    try {
      Files.move(source, target);
    } catch (SourceChangedException | NoSuchFileException e) {
      // Both are kept, or the rival was between the two looks of the JDK.
    }
  }

  private static boolean holds(Path file, byte[] content) throws IOException {
    return Files.exists(file) && Arrays.equals(Files.readAllBytes(file), content);
  }
}
