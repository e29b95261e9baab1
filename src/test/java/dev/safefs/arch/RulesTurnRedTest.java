package dev.safefs.arch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** A gate that cannot fail is none: each rule finds the violation planted for it, and no more. */
class RulesTurnRedTest {
  private static final String PLANTED = "dev.safefs.arch.planted";
  private static final ArchitectureRules RULES = new ArchitectureRules(PLANTED);

  private final JavaClasses planted = new ClassFileImporter().importPackages(PLANTED);

  static List<Arguments> forbiddenArrows() {
    return List.of(
        arguments(Layers.FACE, "PlantedFace", "linux.PlantedLinux"),
        arguments("op", "op.PlantedOp", "linux.PlantedLinux"),
        arguments("handle", "handle.PlantedHandle", "op.PlantedOp"),
        arguments("request", "request.PlantedRequest", "handle.PlantedHandle"),
        arguments("linux", "linux.PlantedLinux", "portable.PlantedPortable"),
        arguments("portable", "portable.PlantedPortable", "sys.PlantedSys"),
        arguments("sys", "sys.PlantedSys", "PlantedFace"));
  }

  @ParameterizedTest
  @MethodSource("forbiddenArrows")
  void anArrowThatIsNotDrawnIsFound(String layer, String origin, String target) {
    assertThat(violations(RULES.followsTheArrows(layer)))
        .isNotEmpty()
        .allSatisfy(
            text ->
                assertThat(text).contains(PLANTED + "." + origin).contains(PLANTED + "." + target));
  }

  @Test
  void everyLayerHasItsPlantedArrow() {
    assertThat(forbiddenArrows().stream().map(each -> each.get()[0]))
        .containsExactlyInAnyOrderElementsOf(Layers.names());
  }

  @Test
  void aClassOutsideTheLayersIsFound() {
    assertThat(violations(RULES.everyClassIsInALayer()))
        .singleElement()
        .asString()
        .contains("stray.PlantedStray");
  }

  @Test
  void anExceptionThatKnowsTheFaceIsFound() {
    assertThat(violations(RULES.leavesOfTheFaceStandAlone()))
        .isNotEmpty()
        .allSatisfy(
            text -> assertThat(text).contains("PlantedLeakyException").contains("PlantedFace"));
  }

  @Test
  void sysUsedFromElsewhereIsFound() {
    assertThat(violations(RULES.onlyLinuxAndTheSelectorUseSys()))
        .isNotEmpty()
        .allSatisfy(text -> assertThat(text).contains("portable.PlantedPortable"));
  }

  @Test
  void jnrAndJffiOutsideSysAreFound() {
    assertThat(violations(RULES.onlySysTouchesNatives()))
        .anySatisfy(text -> assertThat(text).contains("op.PlantedOp").contains("jnr.ffi.Pointer"))
        .anySatisfy(
            text -> assertThat(text).contains("op.PlantedOp").contains("com.kenai.jffi.MemoryIO"))
        .noneSatisfy(text -> assertThat(text).contains("sys.PlantedSys"));
  }

  /** Tests are compiled for Java 17, which has no FFM API: the planted class is made here. */
  @Test
  void foreignMemoryOutsideSysIsFound(@TempDir Path dir) throws IOException {
    ClassWriter planted = new ClassWriter(0);
    String name = PLANTED.replace('.', '/') + "/linux/PlantedForeign";
    planted.visit(Opcodes.V17, 0, name, null, "java/lang/Object", null);
    planted.visitField(0, "arena", "Ljava/lang/foreign/Arena;", null, null);
    Files.write(dir.resolve("PlantedForeign.class"), planted.toByteArray());

    JavaClasses classes = new ClassFileImporter().importPath(dir);
    EvaluationResult result = RULES.onlySysTouchesNatives().evaluate(classes);
    assertThat(result.getFailureReport().getDetails())
        .singleElement()
        .asString()
        .contains("PlantedForeign.arena");
  }

  @Test
  void aCycleIsFound() {
    assertThat(violations(RULES.noCycles()))
        .anySatisfy(
            text -> assertThat(text).contains("op.PlantedOp").contains("handle.PlantedHandle"));
  }

  @Test
  void aDirThatHasGrownIsFound() {
    assertThat(violations(RULES.dirStaysSmall()))
        .singleElement()
        .asString()
        .contains("handle.Dir fails to have at most 20 methods");
  }

  @Test
  void aBooleanParameterIsFoundAndTheJdksOwnIsNot() {
    assertThat(violations(RULES.noMethodTakesABoolean()))
        .singleElement()
        .asString()
        .contains("PlantedOp.toggle");
  }

  private List<String> violations(ArchRule rule) {
    return rule.evaluate(planted).getFailureReport().getDetails();
  }
}
