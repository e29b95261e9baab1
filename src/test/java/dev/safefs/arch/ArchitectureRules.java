package dev.safefs.arch;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The rules of the architecture, for the packages under one root: {@link LayeringTest} holds them
 * against the product, {@link RulesTurnRedTest} against planted violations.
 *
 * <p>A rule passes when nothing matches it; that something was imported is asserted by {@link
 * LayeringTest}.
 */
final class ArchitectureRules {
  private static final int MOST_METHODS_OF_DIR = 20;

  private final Layers layers;

  ArchitectureRules(String root) {
    layers = new Layers(root);
  }

  /** Every class lives in one of the known packages. */
  ArchRule everyClassIsInALayer() {
    return classes()
        .that(describe("are ours", layers::owns))
        .should(
            satisfy("be in a known package", type -> Layers.names().contains(layers.layerOf(type))))
        .allowEmptyShould(true);
  }

  /** The classes of one layer use only what the arrows allow. */
  ArchRule followsTheArrows(String layer) {
    return classes()
        .that(layers.in(layer))
        .should(dependOnlyBy("the arrows of the architecture", layers::allows))
        .allowEmptyShould(true);
  }

  /** What everyone may use of the face leads nobody to the rest of the face. */
  ArchRule leavesOfTheFaceStandAlone() {
    return classes()
        .that(describe("are plain values of the face", layers::isLeafOfFace))
        .should(
            dependOnlyBy(
                "other plain values",
                dependency -> {
                  JavaClass target = dependency.getTargetClass();
                  return !layers.owns(target) || layers.isLeafOfFace(target);
                }))
        .allowEmptyShould(true);
  }

  /** System calls are made from the Linux engine; the selector only picks who makes them. */
  ArchRule onlyLinuxAndTheSelectorUseSys() {
    return noClasses()
        .that(
            describe(
                "are neither of linux, nor of sys, nor the selector",
                type ->
                    layers.owns(type)
                        && !layers.isSelector(type)
                        && !layers.in("linux").or(layers.in("sys")).test(type)))
        .should()
        .dependOnClassesThat(layers.in("sys"))
        .allowEmptyShould(true);
  }

  /** Native access has one home; a file channel's own signature names an Arena. */
  ArchRule onlySysTouchesNatives() {
    return noClasses()
        .that(
            describe(
                "are not of sys, nor the channel that maps into an Arena",
                type ->
                    layers.owns(type)
                        && !layers.in("sys").test(type)
                        && !type.getName().split("\\$")[0].equals("dev.safefs.op.ArenaChannel")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jnr..", "com.kenai.jffi..", "java.lang.foreign..")
        .allowEmptyShould(true);
  }

  /** No two packages need each other, the plain values of the face aside. */
  ArchRule noCycles() {
    return slices().assignedFrom(byLayer()).should().beFreeOfCycles().allowEmptyShould(true);
  }

  /** Whatever the seam asks for, each platform has to have. */
  ArchRule dirStaysSmall() {
    return classes()
        .that(layers.in("handle"))
        .and()
        .haveSimpleName("Dir")
        .should(
            satisfy(
                "have at most " + MOST_METHODS_OF_DIR + " methods",
                type ->
                    type.getMethods().stream().filter(ArchitectureRules::isWritten).count()
                        <= MOST_METHODS_OF_DIR));
  }

  /** A boolean argument says nothing at the call; the JDK's own signatures are given. */
  ArchRule noMethodTakesABoolean() {
    return methods()
        .that(describe("are written by us", ArchitectureRules::isOurs))
        .should(
            new ArchCondition<>("have no boolean parameter") {
              @Override
              public void check(JavaMethod method, ConditionEvents events) {
                if (method.getRawParameterTypes().stream()
                    .anyMatch(type -> type.isEquivalentTo(boolean.class))) {
                  events.add(violated(method, method.getFullName() + " takes a boolean"));
                }
              }
            })
        .allowEmptyShould(true);
  }

  private static boolean isOurs(JavaMethod method) {
    return isWritten(method) && !overridesTheJdk(method);
  }

  private static boolean isWritten(JavaMethod method) {
    return !method.getModifiers().contains(JavaModifier.SYNTHETIC)
        && !method.getOwner().getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  private static boolean overridesTheJdk(JavaMethod method) {
    String[] parameters =
        method.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
    JavaClass owner = method.getOwner();
    return Stream.concat(
            owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
        .filter(type -> type.getPackageName().startsWith("java."))
        .anyMatch(type -> type.tryGetMethod(method.getName(), parameters).isPresent());
  }

  private SliceAssignment byLayer() {
    return new SliceAssignment() {
      @Override
      public SliceIdentifier getIdentifierOf(JavaClass type) {
        return !layers.owns(type) || layers.isLeafOfFace(type)
            ? SliceIdentifier.ignore()
            : SliceIdentifier.of(layers.layerOf(type));
      }

      @Override
      public String getDescription() {
        return "packages";
      }
    };
  }

  private static ArchCondition<JavaClass> satisfy(String text, Predicate<JavaClass> predicate) {
    return new ArchCondition<>(text) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!predicate.test(type)) {
          events.add(violated(type, type.getName() + " fails to " + text));
        }
      }
    };
  }

  private static ArchCondition<JavaClass> dependOnlyBy(String text, Predicate<Dependency> allowed) {
    return new ArchCondition<>("depend only by " + text) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(allowed.negate())
            .forEach(dependency -> events.add(violated(type, dependency.getDescription())));
      }
    };
  }
}
