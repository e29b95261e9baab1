package demo;

import demo.Attack.Stage;
import demo.Attack.Tally;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * The adversaries. They use the JDK's provider, whichever one the program is on. Where the gap that
 * they hit is short they let the program go through a {@link Maze}, as whoever may make links can.
 */
final class Attacks {
  private static final byte[] SECRET =
      "the secret of another user".getBytes(StandardCharsets.UTF_8);
  private static final int CONFIG_BYTES = 96 * 1024;
  private static final long REST_NANOS = 50_000;

  private Attacks() {}

  static List<Attack> all() {
    return List.of(
        new Attack(
            "rewrite a config file", "a reader got a torn or empty file", Attacks::rewriteConfig),
        new Attack("flip the 'current' link", "a reader found no link", Attacks::flipLink),
        new Attack(
            "move without replace",
            "another's new file was overwritten",
            Attacks::moveWithoutReplace),
        new Attack(
            "copy over a published file",
            "a reader found none, or half of it",
            Attacks::refreshCopy),
        new Attack(
            "copy with NOFOLLOW_LINKS",
            "a secret behind a swapped link leaked",
            Attacks::leakSecret),
        new Attack(
            "check a folder, then write",
            "the file landed outside the root",
            Attacks::checkThenWrite),
        new Attack(
            "walk and delete a tree",
            "a file outside the tree was deleted",
            Attacks::deleteOutside));
  }

  private static Tally rewriteConfig(Stage stage) throws IOException, InterruptedException {
    byte[] text = sourceText(stage.sources());
    Path config = stage.inside().resolve("app.conf");
    stage.program().saveConfig(version(text, 0));
    AtomicLong number = new AtomicLong();
    return readWhile(
        stage,
        () -> isWhole(config),
        () -> stage.program().saveConfig(version(text, number.incrementAndGet())));
  }

  private static Tally flipLink(Stage stage) throws IOException, InterruptedException {
    Path current = stage.inside().resolve("current");
    stage.program().flipCurrent("v0");
    AtomicLong number = new AtomicLong();
    return readWhile(
        stage,
        () -> Files.isSymbolicLink(current),
        () -> stage.program().flipCurrent("v" + number.incrementAndGet()));
  }

  private static Tally moveWithoutReplace(Stage stage) throws IOException, InterruptedException {
    Path box = stage.inside().resolve("box");
    Path document = stage.inside().resolve("document");
    AtomicBoolean created = new AtomicBoolean();
    AtomicBoolean moved = new AtomicBoolean();
    String way = Maze.in(stage.inside());
    long breaks = 0;
    long attempts = 0;
    try (Rival creator = new Rival(() -> created.set(creates(box)))) {
      while (stage.budget().goesOn(breaks)) {
        attempts++;
        Files.deleteIfExists(box);
        Files.write(document, SECRET);
        creator.meet(() -> moved.set(movesAway(stage.program(), way)));
        breaks += moved.get() && created.get() ? 1 : 0;
      }
    }
    return new Tally(attempts, breaks);
  }

  private static Tally refreshCopy(Stage stage) throws IOException, InterruptedException {
    byte[] text = sourceText(stage.sources());
    Files.write(stage.inside().resolve("master"), version(text, 1));
    Path published = stage.inside().resolve("published");
    stage.program().refresh("master", "published");
    return readWhile(
        stage, () -> isWhole(published), () -> stage.program().refresh("master", "published"));
  }

  private static Tally leakSecret(Stage stage) throws IOException, InterruptedException {
    Path secret = Files.write(stage.outside().resolve("secret"), SECRET);
    Path source = Files.writeString(stage.inside().resolve("source"), "harmless");
    Path aside = stage.inside().resolve("source.swap");
    Path copy = stage.inside().resolve("copy");
    String way = Maze.in(stage.inside());
    long breaks = 0;
    long attempts = 0;
    try (Adversary swapper =
        new Adversary(
            () -> {
              Files.createSymbolicLink(aside, secret);
              Files.move(aside, source, StandardCopyOption.ATOMIC_MOVE);
              rest();
              Files.writeString(aside, "harmless");
              Files.move(aside, source, StandardCopyOption.ATOMIC_MOVE);
              rest();
            })) {
      while (stage.budget().goesOn(breaks)) {
        attempts++;
        if (succeeds(() -> stage.program().backUp(way + "source", "copy"))
            && Files.isRegularFile(copy, LinkOption.NOFOLLOW_LINKS)) {
          breaks += Arrays.equals(Files.readAllBytes(copy), SECRET) ? 1 : 0;
        }
      }
    }
    return new Tally(attempts, breaks);
  }

  private static Tally checkThenWrite(Stage stage) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(stage.inside().resolve("uploads"));
    Path landed = stage.outside().resolve("upload");
    String way = Maze.in(stage.inside());
    long breaks = 0;
    long attempts = 0;
    try (Adversary swapper =
        swapper(folder, stage.inside().resolve("uploads.away"), stage.outside())) {
      while (stage.budget().goesOn(breaks)) {
        attempts++;
        succeeds(() -> stage.program().storeUpload(way + "uploads", "upload", SECRET));
        breaks += Files.deleteIfExists(landed) ? 1 : 0;
      }
    }
    return new Tally(attempts, breaks);
  }

  private static Tally deleteOutside(Stage stage) throws IOException, InterruptedException {
    Path input = stage.sources().resolve("dev/safefs/request");
    Path folder = stage.inside().resolve("tree").resolve("request");
    OrdinaryProgram neighbour = new OrdinaryProgram(stage.outside().getParent());
    long files = 0;
    long breaks = 0;
    long attempts = 0;
    while (stage.budget().goesOn(breaks)) {
      stage.program().copyTree(input, "tree/request");
      if (files == 0 || count(stage.outside()) < files) {
        neighbour.copyTree(input, stage.outside().getFileName().toString());
        files = count(stage.outside());
      }
      attempts++;
      try (Adversary swapper =
          swapper(folder, stage.inside().resolve("request.away"), stage.outside())) {
        succeeds(() -> stage.program().deleteTree("tree"));
      }
      breaks += count(stage.outside()) < files ? 1 : 0;
    }
    return new Tally(attempts, breaks);
  }

  private static long count(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.count();
    }
  }

  /** What a reader expects to see at any time. */
  private interface Expectation {
    boolean holds() throws IOException;
  }

  /**
   * Lets a reader check an expectation over and over while the program acts; what is counted are
   * the reader's looks.
   */
  private static Tally readWhile(Stage stage, Expectation expectation, Adversary.Step act)
      throws IOException, InterruptedException {
    AtomicLong looks = new AtomicLong();
    AtomicLong breaks = new AtomicLong();
    try (Adversary reader =
        new Adversary(
            () -> {
              breaks.addAndGet(expectation.holds() ? 0 : 1);
              looks.incrementAndGet();
            })) {
      while (stage.budget().goesOn(breaks.get()) || looks.get() == 0) {
        act.run();
      }
    }
    return new Tally(looks.get(), breaks.get());
  }

  /** Swaps a directory for a symbolic link to another one, and back. */
  private static Adversary swapper(Path folder, Path away, Path outside) {
    return new Adversary(
        () -> {
          Files.move(folder, away, StandardCopyOption.ATOMIC_MOVE);
          Files.createSymbolicLink(folder, outside);
          rest();
          Files.delete(folder);
          Files.move(away, folder, StandardCopyOption.ATOMIC_MOVE);
          rest();
        },
        () -> {
          if (Files.isSymbolicLink(folder)) {
            Files.delete(folder);
          }
          if (Files.exists(away)) {
            Files.move(away, folder, StandardCopyOption.ATOMIC_MOVE);
          }
        });
  }

  /** Who sleeps for an instant gets the processor when he wakes up, also of a machine with one. */
  private static void rest() {
    LockSupport.parkNanos(REST_NANOS);
  }

  private static byte[] sourceText(Path sources) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        text.append(Files.readString(file));
      }
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Makes a version of the config: its number at the beginning and at the end, source text between.
   */
  private static byte[] version(byte[] text, long number) {
    ByteBuffer content = ByteBuffer.allocate(CONFIG_BYTES);
    content.putLong(number);
    while (content.remaining() > Long.BYTES) {
      content.put(text, 0, Math.min(text.length, content.remaining() - Long.BYTES));
    }
    return content.putLong(number).array();
  }

  private static boolean isWhole(Path file) throws IOException {
    try {
      byte[] read = Files.readAllBytes(file);
      return read.length == CONFIG_BYTES
          && ByteBuffer.wrap(read).getLong()
              == ByteBuffer.wrap(read).getLong(CONFIG_BYTES - Long.BYTES);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static boolean creates(Path file) throws IOException {
    try {
      Files.createFile(file);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static boolean movesAway(OrdinaryProgram program, String way) throws IOException {
    try {
      program.fileAway(way + "document", way + "box");
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static boolean succeeds(Adversary.Step step) throws InterruptedException {
    try {
      step.run();
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
