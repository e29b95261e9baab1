package demo;

import demo.Attack.Budget;
import demo.Attack.Stage;
import demo.Attack.Tally;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Runs one ordinary program under attack, on the JDK's provider and on SafeFS, and prints what was
 * counted.
 */
public final class Demo {
  private static final long MILLISECONDS = 800;
  private static final long MILLISECONDS_UNTIL_THE_JDK_BREAKS = 6000;
  private static final String LINE = "%-28s %-40s %17s %14s%n";
  private static final String HEAD =
      """

      One ordinary program (src/test/java/demo/OrdinaryProgram.java: java.nio.file and nothing else),
      first on the JDK's file system, then on SafeFS, while another thread reads, swaps or creates what
      it works on. Counted is how often something broke, of all looks or tries in about a second; on
      the JDK a row goes on for up to six, until something broke.
      """;
  private static final String FOOT =
      """

      On SafeFS nothing broke. The program is the same, line by line; only its paths are of
      FileSystems.newFileSystem(URI.create("safe:///the/directory"), Map.of()).
      How many tries there were is no benchmark (a reader that finds nothing is done sooner, and
      SafeFS syncs what it writes): see docs/benchmarks.md, and docs/guarantees.md for what is promised.
      """;

  private Demo() {}

  /**
   * Runs the demo.
   *
   * @param arguments the directory of this project's sources; {@code provider/java} if absent
   * @throws Exception if something fails that is no attack
   */
  public static void main(String[] arguments) throws Exception {
    Path sources = Path.of(arguments.length > 0 ? arguments[0] : "provider/java").toAbsolutePath();
    System.out.println(HEAD);
    System.out.printf(LINE, "the program tries to", "and it broke when", "on the JDK", "on SafeFS");
    long unexpected = 0;
    for (Attack attack : Attacks.all()) {
      Tally jdk = onJdk(attack, sources);
      Tally safe = onSafeFs(attack, sources);
      System.out.printf(LINE, attack.tried(), attack.broke(), text(jdk), text(safe));
      unexpected += safe.breaks() + (jdk.breaks() == 0 || safe.attempts() == 0 ? 1 : 0);
    }
    if (unexpected > 0) {
      System.out.println("Not as expected: a row broke on SafeFS, or did not break on the JDK.");
      System.exit(1);
    }
    System.out.println(FOOT);
  }

  private static Tally onJdk(Attack attack, Path sources) throws Exception {
    Path work = Files.createTempDirectory("safefs-demo");
    try {
      Path inside = Files.createDirectory(work.resolve("inside"));
      return run(
          attack,
          inside,
          work,
          sources,
          Budget.of(MILLISECONDS, MILLISECONDS_UNTIL_THE_JDK_BREAKS));
    } finally {
      remove(work);
    }
  }

  private static Tally onSafeFs(Attack attack, Path sources) throws Exception {
    Path work = Files.createTempDirectory("safefs-demo");
    Path inside = Files.createDirectory(work.resolve("inside"));
    URI uri = URI.create("safe://" + inside.toUri().getRawPath());
    try (FileSystem safe = FileSystems.newFileSystem(uri, Map.of())) {
      return run(attack, safe.getPath("/"), work, sources, Budget.of(MILLISECONDS, MILLISECONDS));
    } finally {
      remove(work);
    }
  }

  private static Tally run(Attack attack, Path root, Path work, Path sources, Budget budget)
      throws Exception {
    Path outside = Files.createDirectories(work.resolve("outside"));
    OrdinaryProgram program = new OrdinaryProgram(root);
    return attack
        .scenario()
        .run(new Stage(program, work.resolve("inside"), outside, sources, budget));
  }

  private static String text(Tally tally) {
    return tally.breaks() + " of " + tally.attempts();
  }

  private static void remove(Path work) throws IOException {
    try (Stream<Path> all = Files.walk(work)) {
      for (Path path : (Iterable<Path>) all.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    }
  }
}
