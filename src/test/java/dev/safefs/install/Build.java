package dev.safefs.install;

import java.nio.file.Path;

/** What the build under test made. */
final class Build {
  /** The library. */
  static final Path LIBRARY = Path.of(System.getProperty("safefs.jar"));

  /** The self-contained jar. */
  static final Path SELF_CONTAINED = Path.of(System.getProperty("safefs.all.jar"));

  /** The class path of the library's dependencies. */
  static final String DEPENDENCIES = System.getProperty("safefs.test.classpath");

  private Build() {}

  /** Returns the option that permits native access where the virtual machine knows it, else an empty text. */
  static String nativeAccess(String modules) {
    return Runtime.version().feature() >= 22 ? "--enable-native-access=" + modules : "";
  }
}
