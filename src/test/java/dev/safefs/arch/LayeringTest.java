package dev.safefs.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The arrows of the architecture, on the product. */
@ParameterizedClass
@MethodSource("views")
class LayeringTest {
  private final ArchitectureRules rules = new ArchitectureRules(ProductClasses.ROOT);
  private final ProductClasses view;
  private final JavaClasses classes;

  LayeringTest(ProductClasses view) {
    this.view = view;
    this.classes = view.load();
  }

  static List<ProductClasses> views() {
    return ProductClasses.views();
  }

  @Test
  void everySourceFileWasImported() {
    List<String> sources = view.sourceRoots().stream().flatMap(LayeringTest::typesIn).toList();
    assertThat(sources).contains("dev.safefs.SafeFileSystemProvider");
    assertThat(classes.stream().map(JavaClass::getName)).containsAll(sources);
  }

  @Test
  void everyClassIsInALayer() {
    rules.everyClassIsInALayer().check(classes);
  }

  @Test
  void everyLayerFollowsTheArrows() {
    Layers.names().forEach(layer -> rules.followsTheArrows(layer).check(classes));
  }

  @Test
  void leavesOfTheFaceStandAlone() {
    rules.leavesOfTheFaceStandAlone().check(classes);
  }

  @Test
  void onlyLinuxAndTheSelectorUseSys() {
    rules.onlyLinuxAndTheSelectorUseSys().check(classes);
  }

  @Test
  void onlySysTouchesNatives() {
    rules.onlySysTouchesNatives().check(classes);
  }

  @Test
  void packagesAreFreeOfCycles() {
    rules.noCycles().check(classes);
  }

  @Test
  void dirStaysSmall() {
    rules.dirStaysSmall().check(classes);
  }

  @Test
  void noMethodTakesABoolean() {
    rules.noMethodTakesABoolean().check(classes);
  }

  private static Stream<String> typesIn(Path root) {
    if (!Files.isDirectory(root)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java") && !file.endsWith("module-info.java"))
          .map(file -> root.relativize(file).toString().replace(".java", ""))
          .map(name -> name.replace(root.getFileSystem().getSeparator(), "."))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
