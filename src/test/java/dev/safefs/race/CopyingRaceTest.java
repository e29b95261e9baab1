package dev.safefs.race;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import demo.Adversary;
import demo.Maze;
import dev.safefs.JdkPaths;
import dev.safefs.Requirement;
import dev.safefs.contract.Row;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Swappers and readers against copies, each with its control on the JDK's provider. */
@OnKernels
class CopyingRaceTest {
  private static final int SIZE = 512 * 1024;
  private static final long HANG_MILLISECONDS = 2000;

  private final Row row;

  @TempDir Path work;
  private Path source;
  private Path target;

  CopyingRaceTest(Row row) {
    this.row = row;
  }

  /** Something done over and over against an adversary. Returns how often it broke. */
  private interface Scenario {
    long on(Path from, Path to) throws Exception;
  }

  @BeforeEach
  void name() {
    work = JdkPaths.of(work);
    source = work.resolve("source");
    target = work.resolve("target");
  }

  private void holdsWhereTheJdkBreaks(Scenario scenario) throws Exception {
    AtomicLong broken = new AtomicLong();
    Row confined = row == Row.AMBIENT ? Row.CONFINED : row;
    try (Row.Mounted mounted = confined.mount(work)) {
      Path from = mounted.root().resolve("source");
      Path to = mounted.root().resolve("target");
      Budget.race(() -> broken.addAndGet(scenario.on(from, to)));
    }
    assertThat(broken).hasValue(0);
    if (!Budget.hasControls()) {
      return;
    }
    Path from = Maze.to(source);
    Path to = Maze.to(target);
    Budget.control(() -> broken.get() > 0, () -> broken.addAndGet(scenario.on(from, to)));
    assertThat(broken.get()).as("control on the JDK").isPositive();
  }

  private static byte[] filled(char with) {
    return String.valueOf(with).repeat(SIZE).getBytes(UTF_8);
  }

  @Test
  @Tag("C2")
  void readersOfACopyThatIsBeingMadeSeeNothingOrAll() throws Exception {
    Files.write(source, filled('a'));
    AtomicLong partial = new AtomicLong();
    Adversary.Step read =
        () -> {
          try {
            partial.addAndGet(Files.size(target) == SIZE ? 0 : 1);
          } catch (NoSuchFileException e) {
            // Not there yet.
          }
        };
    try (Adversary reader = new Adversary(read)) {
      holdsWhereTheJdkBreaks(
          (from, to) -> {
            Files.copy(from, to);
            Files.delete(target);
            return partial.getAndSet(0);
          });
    }
  }

  @Test
  @Tag("C1")
  @Tag("C5")
  void attributesAndContentAreOfOneFile() throws Exception {
    Path secret = work.resolve("secret");
    Path open = work.resolve("open");
    plant(secret, 's', "rw-------");
    plant(open, 'o', "rw-r--r--");
    Files.createLink(source, open);
    try (Adversary swapper = new Adversary(swapping(secret, open))) {
      holdsWhereTheJdkBreaks(
          (from, to) -> {
            Files.copy(from, to, COPY_ATTRIBUTES, REPLACE_EXISTING);
            return isMixed() ? 1 : 0;
          });
    }
  }

  private static void plant(Path file, char kind, String mode) throws IOException {
    Files.write(file, filled(kind));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
        .write("kind", ByteBuffer.wrap(new byte[] {(byte) kind}));
  }

  private boolean isMixed() throws IOException {
    byte[] content = Files.readAllBytes(target);
    String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(target));
    byte[] label = (byte[]) Files.getAttribute(target, "user:kind");
    String expected = content[0] == 's' ? "rw-------" : "rw-r--r--";
    return content.length != SIZE || !mode.equals(expected) || label[0] != content[0];
  }

  /** Gives the source's name to one file and the other in turn. */
  private Adversary.Step swapping(Path one, Path other) {
    Path spare = work.resolve("spare");
    return () -> {
      for (Path next : new Path[] {one, other}) {
        Files.deleteIfExists(spare);
        Files.createLink(spare, next);
        Files.move(spare, source, ATOMIC_MOVE);
      }
    };
  }

  @Test
  @Tag("C2")
  void readersOfATargetThatACopyReplacesAlwaysFindItWhole() throws Exception {
    Files.write(source, filled('a'));
    Files.write(target, filled('b'));
    AtomicLong torn = new AtomicLong();
    Adversary.Step read =
        () -> {
          try {
            torn.addAndGet(Files.size(target) == SIZE ? 0 : 1);
          } catch (NoSuchFileException e) {
            torn.incrementAndGet();
          }
        };
    try (Adversary reader = new Adversary(read)) {
      holdsWhereTheJdkBreaks(
          (from, to) -> {
            Files.copy(from, to, REPLACE_EXISTING);
            return torn.getAndSet(0);
          });
    }
  }

  @Test
  @Tag("C1")
  void aSourceThatTurnsIntoALinkIsNeverFollowed() throws Exception {
    Path secret = Files.write(work.resolve("secret"), filled('s'));
    Path file = Files.write(work.resolve("file"), filled('f'));
    Path link = Files.createSymbolicLink(work.resolve("link"), secret.getFileName());
    Files.createLink(source, file);
    try (Adversary swapper = new Adversary(swapping(link, file))) {
      holdsWhereTheJdkBreaks(
          (from, to) -> {
            attempt(from, to, REPLACE_EXISTING, NOFOLLOW_LINKS);
            boolean followed =
                Files.isRegularFile(target, NOFOLLOW_LINKS) && Files.readAllBytes(target)[0] != 'f';
            return followed ? 1 : 0;
          });
    }
  }

  @Test
  @Tag("C1")
  @Tag("R6")
  @Timeout(240)
  void aSourceThatTurnsIntoAFifoNeverHangsTheCopy() throws Exception {
    Path file = Files.write(work.resolve("file"), filled('f'));
    Path fifo = work.resolve("fifo");
    run("mkfifo", fifo.toString());
    Files.createLink(source, file);
    try (Adversary swapper = new Adversary(swapping(fifo, file))) {
      holdsWhereTheJdkBreaks((from, to) -> hangs(from, to, fifo) ? 1 : 0);
    }
  }

  private boolean hangs(Path from, Path to, Path fifo) throws Exception {
    Thread copier = new Thread(() -> attempt(from, to, REPLACE_EXISTING), "copier");
    copier.setDaemon(true);
    copier.start();
    copier.join(HANG_MILLISECONDS);
    boolean hung = copier.isAlive();
    while (copier.isAlive()) {
      // Opened for both, a FIFO waits for nobody, and lets go whoever waits for it.
      new RandomAccessFile(fifo.toFile(), "rw").close();
      copier.join(10);
    }
    return hung;
  }

  /** A copy that fails is none that hangs, or follows. */
  private static void attempt(Path from, Path to, CopyOption... options) {
    try {
      Files.copy(from, to, options);
    } catch (IOException e) {
      // A FIFO has no content to be copied; the JDK finds another type than it saw.
    }
  }

  @Test
  @Tag("C1")
  @Tag("R6")
  void aSourceThatTurnsIntoADeviceIsRefusedRatherThanRead() throws Exception {
    Path file = Files.write(work.resolve("file"), filled('f'));
    Path device = work.resolve("device");
    Requirement.present(makesDevices(device), "the right to make devices");
    Files.createLink(source, file);
    try (Adversary swapper = new Adversary(swapping(device, file))) {
      holdsWhereTheJdkBreaks(
          (from, to) -> {
            Files.deleteIfExists(target);
            attempt(from, to, REPLACE_EXISTING);
            return Files.exists(target) && Files.size(target) != SIZE ? 1 : 0;
          });
    }
  }

  /** Makes one that reads as empty. */
  private static boolean makesDevices(Path device) throws Exception {
    try {
      run("mknod", device.toString(), "c", "1", "3");
      return Files.size(device) == 0 && new RandomAccessFile(device.toFile(), "r").read() == -1;
    } catch (IOException e) {
      return false;
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException("failed: " + String.join(" ", command));
    }
  }
}
