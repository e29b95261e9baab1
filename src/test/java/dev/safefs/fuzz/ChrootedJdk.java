package dev.safefs.fuzz;

import dev.safefs.sys.Chroot;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The JDK's provider in a process whose root is a directory, by chroot(2). */
final class ChrootedJdk implements AutoCloseable {
  static final int STEPS = 30;
  private static final String END = "end";

  private final Process process;
  private final PrintWriter seeds;
  private final BufferedReader results;

  private ChrootedJdk(Process process) {
    this.process = process;
    this.seeds = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.results =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /**
   * Starts the process.
   *
   * @param root its root
   * @param practice an empty directory where it does every step once, because it finds no class
   *     afterwards
   */
  static ChrootedJdk start(Path root, Path practice) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    if (Runtime.version().feature() >= 22) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ChrootedJdk.class.getName(), root.toString(), practice.toString()));
    return new ChrootedJdk(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Does the steps of a seed; returns what a program sees of each that was done. */
  List<String> run(long seed) throws IOException {
    seeds.println(seed);
    List<String> seen = new ArrayList<>();
    for (String line = results.readLine(); !END.equals(line); line = results.readLine()) {
      if (line == null) {
        throw new IOException("the process in the chroot has ended");
      }
      seen.add(line);
    }
    return seen;
  }

  @Override
  public void close() throws InterruptedException {
    seeds.close();
    process.waitFor();
  }

  /** The process. */
  public static void main(String[] arguments) throws IOException {
    Path practice = Path.of(arguments[1]);
    for (long seed = 0; seed < 50; seed++) {
      steps(seed, raw -> practice.resolve(raw.substring(1).replaceAll("[^a-z]", "x")));
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    Chroot.into(Path.of(arguments[0]));
    if (Files.exists(practice)) {
      throw new IllegalStateException("not in a chroot");
    }
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      steps(Long.parseLong(line), ChrootedJdk::path).forEach(out::println);
      out.println(END);
    }
  }

  private static Path path(String raw) {
    return FileSystems.getDefault().provider().getPath(URI.create("file://" + raw));
  }

  private static List<String> steps(long seed, Step.Tree tree) {
    Random random = new Random(seed);
    List<String> seen = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      Step step = Step.wild(random);
      seen.add(oneLine(step.on(tree)));
      if (step.isLast(seen.get(i))) {
        break;
      }
    }
    return seen;
  }

  static String oneLine(String seen) {
    return seen.replace("\n", "\\n").replace("\r", "\\r");
  }
}
