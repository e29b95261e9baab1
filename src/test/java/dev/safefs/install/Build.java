package dev.safefs.install;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the build under test made. */
final class Build {
  /** The library. */
  static final Path LIBRARY = Path.of(System.getProperty("safefs.jar"));

  /** The self-contained jar. */
  static final Path SELF_CONTAINED = Path.of(System.getProperty("safefs.all.jar"));

  /** The class path of the library's dependencies. */
  static final String DEPENDENCIES = System.getProperty("safefs.test.classpath");

  /** The class path of the programs that child virtual machines run. */
  static final Path PROGRAMS = Path.of("target/test-classes").toAbsolutePath();

  /** The class path that the library is compiled with. */
  static final String COMPILATION =
      DEPENDENCIES
          + ":"
          + Nullable.class.getProtectionDomain().getCodeSource().getLocation().getPath();

  private Build() {}

  /** Returns the backends that this Java must have. */
  static List<String> backends() {
    return Runtime.version().feature() >= 22 ? List.of("ffm", "jnr") : List.of("jnr");
  }

  /**
   * Returns the option that permits native access where the virtual machine knows it, else an empty
   * text.
   */
  static String nativeAccess(String modules) {
    return Runtime.version().feature() >= 22 ? "--enable-native-access=" + modules : "";
  }
}
