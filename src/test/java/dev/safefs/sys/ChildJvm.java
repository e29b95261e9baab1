package dev.safefs.sys;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Runs {@code java} with this package's classes, put where a placement wants them. */
final class ChildJvm {
  private static final String MODULE =
      "module dev.safefs { requires static org.jnrproject.jffi; requires static org.jspecify; }";
  private static final long TIMEOUT_SECONDS = 60;

  private final Path classes;

  /**
   * Copies the classes under test, those for this Java version on top, into a directory of their
   * own.
   */
  ChildJvm(Path temp) throws IOException {
    this.classes = Files.createDirectory(temp.resolve("classes"));
    copy(location(Syscalls.class));
    copy(location(FfmBackend.class));
    copy(location(LoadProbe.class));
  }

  /** Returns the JARs of jffi, as a path. */
  static String jffi() {
    return entries("jffi");
  }

  /** Returns the class path for the child without jffi. */
  String classes() {
    return classes.toString();
  }

  /** Compiles a module descriptor into the classes, so that they can be put on a module path. */
  String module(Path temp) throws IOException {
    Path source = Files.writeString(temp.resolve("module-info.java"), MODULE);
    ByteArrayOutputStream messages = new ByteArrayOutputStream();
    String modulePath = jffi() + File.pathSeparator + entries("jspecify");
    String[] command = {"-p", modulePath, "-d", classes.toString(), source.toString()};
    if (ToolProvider.getSystemJavaCompiler().run(null, messages, messages, command) != 0) {
      throw new AssertionError(messages.toString(StandardCharsets.UTF_8));
    }
    return classes.toString();
  }

  /** Runs {@code java} and returns what it printed, errors included. */
  static String run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("child JVM hangs: " + command);
      }
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  private void copy(Path from) throws IOException {
    Path source = from.resolve("dev/safefs/sys");
    Path target = Files.createDirectories(classes.resolve("dev/safefs/sys"));
    try (Stream<Path> files = Files.list(source)) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  private static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static String entries(String name) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Path.of(entry).getFileName().toString().startsWith(name))
        .collect(Collectors.joining(File.pathSeparator));
  }
}
