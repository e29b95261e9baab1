package dev.safefs.crash;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** How a test starts another virtual machine like its own. */
final class ClassPath {

  private ClassPath() {}

  /** Returns the launcher, with permission for native access where the virtual machine knows it. */
  static String java() {
    String launcher = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return Runtime.version().feature() >= 22
        ? launcher + " --enable-native-access=ALL-UNNAMED"
        : launcher;
  }

  /** Returns the class path of the tests with absolute names. */
  static String absolute() {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(each -> !each.isEmpty())
        .map(each -> Path.of(each).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }
}
