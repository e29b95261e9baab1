package dev.safefs.arch;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Map;
import java.util.Set;

/**
 * The packages under one root and who may use whom. The root is a parameter, so that the same table
 * can be held against planted violations.
 */
record Layers(String root) {
  static final String FACE = "face";

  /** The arrows, by the name of the package beneath the root. */
  private static final Map<String, Set<String>> MAY_USE =
      Map.of(
          FACE,
          Set.of("op", "handle", "request"),
          "op",
          Set.of("handle", "request"),
          "handle",
          Set.of("request"),
          "linux",
          Set.of("handle", "request", "sys"),
          "portable",
          Set.of("handle", "request"),
          "request",
          Set.of(),
          "sys",
          Set.of());

  /** The one class of the face that sees the engines. */
  private static final String SELECTOR = "EngineSelector";

  private static final Set<String> LEAVES =
      Set.of(
          "SafeConfig",
          "LinkPolicy",
          "MountPolicy",
          "Durability",
          "Publication",
          "HardLinks",
          "SpecialFiles",
          "Strictness",
          "SafeOpenOption",
          "SafeCopyOption",
          "SafeAttributes");

  private static final Set<String> SELECTOR_MAY_USE = Set.of("linux", "portable", "sys");

  static Set<String> names() {
    return MAY_USE.keySet();
  }

  /** Returns the first package component beneath the root, or {@link #FACE} for the root itself. */
  String layerOf(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    if (name.equals(root)) {
      return FACE;
    }
    String beneath = name.substring(root.length() + 1);
    int dot = beneath.indexOf('.');
    return dot < 0 ? beneath : beneath.substring(0, dot);
  }

  boolean owns(JavaClass type) {
    String name = type.getBaseComponentType().getPackageName();
    return name.equals(root) || name.startsWith(root + ".");
  }

  /** The plain values of the face, its exceptions first: everyone may use them (ADR 0001). */
  boolean isLeafOfFace(JavaClass type) {
    String name = owns(type) ? outermost(type) : "";
    return owns(type)
        && layerOf(type).equals(FACE)
        && (name.endsWith("Exception") || LEAVES.contains(name));
  }

  boolean isSelector(JavaClass type) {
    return owns(type) && layerOf(type).equals(FACE) && outermost(type).equals(SELECTOR);
  }

  boolean allows(Dependency dependency) {
    JavaClass origin = dependency.getOriginClass();
    JavaClass target = dependency.getTargetClass();
    if (!owns(target) || isLeafOfFace(target)) {
      return true;
    }
    String from = layerOf(origin);
    String to = layerOf(target);
    return from.equals(to)
        || MAY_USE.getOrDefault(from, Set.of()).contains(to)
        || (isSelector(origin) && SELECTOR_MAY_USE.contains(to));
  }

  DescribedPredicate<JavaClass> in(String layer) {
    return DescribedPredicate.describe(
        "classes of " + layer, type -> owns(type) && layerOf(type).equals(layer));
  }

  /** Returns the simple name of the top-level class that contains the given one. */
  private static String outermost(JavaClass type) {
    JavaClass element = type.getBaseComponentType();
    String name = element.getName().substring(element.getPackageName().length() + 1);
    int dollar = name.indexOf('$');
    return dollar < 0 ? name : name.substring(0, dollar);
  }
}
