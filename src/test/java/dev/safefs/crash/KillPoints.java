package dev.safefs.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Kills a program at each of its system calls that change files, one after the other, each time
 * from a fresh start. A call is known by its name and by how many of that name its thread has made,
 * as strace(1) counts.
 */
final class KillPoints {
  /** The question mark is for those that this machine, or its strace, does not know. */
  private static final String CALLS =
      "?openat,?openat2,?write,?pwrite64,?sendfile,?copy_file_range,?ftruncate,?rename,"
          + "?renameat,?renameat2,?link,?linkat,?symlink,?symlinkat,?unlink,?unlinkat,?mkdir,"
          + "?mkdirat,?rmdir,?mknodat,?fchmod,?fchmodat,?fchmodat2,?fchown,?fchownat,?utimensat,"
          + "?fsetxattr,?fsync,?fdatasync,?ioctl";

  private static final Pattern LINE = Pattern.compile("(\\d+) +(\\w+)\\((.*)");
  private static final long LIMIT_SECONDS = 60;
  private static final int TRIES = 3;

  private final List<String> program;
  private final List<String> places;
  private final Step setUp;
  private final Path log;

  /** Something done before each run, or a look at what is left afterwards. */
  interface Step {
    void run() throws IOException;
  }

  /** A call at which the program is killed. */
  record Point(String call, int number, String shown) {}

  /**
   * Prepares.
   *
   * @param program the command
   * @param places what the calls that count mention
   * @param setUp makes the fresh start
   * @param log a file to write to
   */
  KillPoints(List<String> program, List<String> places, Step setUp, Path log) {
    this.program = program;
    this.places = places;
    this.setUp = setUp;
    this.log = log;
  }

  /** Kills at each point and looks. Returns the points. */
  List<Point> run(Step look) throws IOException, InterruptedException {
    setUp.run();
    trace(List.of());
    List<Point> points = points();
    for (Point point : points) {
      if (!kill(point)) {
        continue;
      }
      try {
        look.run();
      } catch (AssertionError e) {
        throw new AssertionError("killed at " + point, e);
      }
    }
    return points;
  }

  /** Kills at each point and returns how often the look found something wrong. */
  int violations(Step look) throws IOException, InterruptedException {
    setUp.run();
    trace(List.of());
    int violations = 0;
    for (Point point : points()) {
      if (!kill(point)) {
        continue;
      }
      try {
        look.run();
      } catch (AssertionError e) {
        violations++;
      }
    }
    return violations;
  }

  /**
   * Kills. A virtual machine opens files when it likes, so that the number of an opening may be
   * another one each time, and it may be missed; the state it leaves is met again at the next call.
   */
  private boolean kill(Point point) throws IOException, InterruptedException {
    String injection =
        String.format("inject=%s:error=ENOSYS:signal=KILL:when=%d", point.call, point.number);
    for (int i = 0; i < TRIES; i++) {
      setUp.run();
      if (trace(List.of("-e", injection)) == 137) {
        return true;
      }
    }
    if (!point.call.startsWith("open")) {
      throw new AssertionError("never killed at " + point);
    }
    return false;
  }

  private int trace(List<String> more) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("strace", "-f", "-y", "-qq", "-s", "4096", "-e", "signal=none"));
    command.addAll(List.of("-o", log.toString(), "-e", "trace=" + CALLS));
    command.addAll(more);
    command.addAll(program);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + command);
    }
    int exit = process.exitValue();
    if (more.isEmpty() && exit != 0) {
      throw new AssertionError("exit " + exit + ": " + command);
    }
    return exit;
  }

  private List<Point> points() throws IOException {
    Map<String, Integer> counts = new HashMap<>();
    Set<String> seen = new HashSet<>();
    List<Point> points = new ArrayList<>();
    for (String line : Files.readAllLines(log, StandardCharsets.ISO_8859_1)) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String call = matcher.group(2);
        int number = counts.merge(matcher.group(1) + call, 1, Integer::sum);
        String arguments = matcher.group(3);
        if (isChange(call, arguments) && seen.add(call + number)) {
          points.add(new Point(call, number, line));
        }
      }
    }
    return points;
  }

  private boolean isChange(String call, String arguments) {
    boolean opens = call.startsWith("open");
    boolean creates = arguments.contains("O_CREAT") || arguments.contains("O_TMPFILE");
    return (!opens || creates || arguments.contains("O_TRUNC"))
        && places.stream().anyMatch(arguments::contains);
  }
}
