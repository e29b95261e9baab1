package dev.safefs;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Optional;

/** The command line: what is promised for the files of a directory, and the version. */
public final class Main {
  private static final String USAGE =
      """
      usage: java -jar safefs-all.jar guarantees <path>   what is promised there, one line each
             java -jar safefs-all.jar --version\
      """;

  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Main() {}

  /**
   * Runs a command. Returns if it succeeded; else writes why to the standard error and exits the
   * virtual machine, with status 1 if it failed, or 2 if the command is not known.
   *
   * @param arguments {@code guarantees} and a path, or {@code --version}
   */
  public static void main(String... arguments) {
    int status = run(List.of(arguments), System.out, System.err);
    if (status != 0) {
      System.exit(status);
    }
  }

  static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.equals(List.of("--version"))) {
      out.println("safefs " + version());
      return 0;
    }
    if (arguments.size() == 2 && arguments.get(0).equals("guarantees")) {
      return guarantees(arguments.get(1), out, err);
    }
    err.println(USAGE);
    return MISUSED;
  }

  private static int guarantees(String path, PrintStream out, PrintStream err) {
    try {
      SafeFileSystem ambient = new SafeFileSystemProvider().ambient();
      out.println(ambient.guarantees(ambient.getPath(path)));
      return 0;
    } catch (IOException | InvalidPathException e) {
      err.println("safefs: " + e);
      return FAILED;
    }
  }

  /** As a module it has no manifest to ask, on the class path no descriptor. */
  private static String version() {
    return Optional.ofNullable(Main.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .or(() -> Optional.ofNullable(Main.class.getPackage().getImplementationVersion()))
        .orElse("(not packaged)");
  }
}
