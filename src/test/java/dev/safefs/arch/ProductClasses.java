package dev.safefs.arch;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The compiled product, as a JVM of each kind sees the multi-release jar. */
enum ProductClasses {
  JAVA_17,
  JAVA_22;

  static final String ROOT = "dev.safefs";

  private static final Path BASE = Path.of(System.getProperty("basedir", ""));
  private static final Path CLASSES = BASE.resolve("target/classes");
  private static final Path VERSIONED = CLASSES.resolve("META-INF/versions/22");

  /** The views that exist: a build on Java 17 has no versioned classes. */
  static List<ProductClasses> views() {
    return Files.isDirectory(VERSIONED) ? List.of(values()) : List.of(JAVA_17);
  }

  JavaClasses load() {
    List<Path> roots = new ArrayList<>(List.of(CLASSES));
    if (this == JAVA_22) {
      roots.add(VERSIONED);
    }
    return new ClassFileImporter().withImportOption(this::includes).importPaths(roots);
  }

  /** The top-level classes that the sources of this view name. */
  List<Path> sourceRoots() {
    Path java = BASE.resolve("provider/java");
    return this == JAVA_17 ? List.of(java) : List.of(java, BASE.resolve("provider/java22"));
  }

  private boolean includes(Location location) {
    Path file = Path.of(location.asURI());
    if (file.endsWith("module-info.class")) {
      return false;
    }
    Path classes = CLASSES.toAbsolutePath();
    Path versioned = VERSIONED.toAbsolutePath();
    if (file.startsWith(versioned)) {
      return this == JAVA_22;
    }
    return this == JAVA_17 || !Files.exists(versioned.resolve(classes.relativize(file)));
  }
}
