package dev.safefs;

import java.nio.ByteBuffer;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of attributes, so that a wrong one is refused before a file is looked for, as the JDK
 * does. Promise K5.
 */
final class AttributeNames {
  private static final List<String> TIMES =
      List.of("lastModifiedTime", "lastAccessTime", "creationTime");
  private static final List<String> OWNERSHIP = List.of("permissions", "owner", "group");
  private static final List<String> DOS = List.of("readonly", "archive", "system", "hidden");
  private static final List<String> IDS = List.of("mode", "uid", "gid");
  private static final List<String> FACTS =
      List.of("size", "isDirectory", "isRegularFile", "isSymbolicLink", "isOther", "fileKey");
  private static final List<String> NUMBERS = List.of("ino", "dev", "rdev", "nlink", "ctime");

  private static final Map<String, Set<String>> SETTABLE =
      Map.of(
          "basic", union(TIMES),
          "posix", union(TIMES, OWNERSHIP),
          "unix", union(TIMES, OWNERSHIP, IDS),
          "dos", union(TIMES, DOS),
          "owner", Set.of("owner"));

  private static final Map<String, Set<String>> READABLE =
      Map.of(
          "basic", union(TIMES, FACTS),
          "posix", union(TIMES, FACTS, OWNERSHIP),
          "unix", union(TIMES, FACTS, OWNERSHIP, IDS, NUMBERS),
          "dos", union(TIMES, FACTS, DOS),
          "owner", Set.of("owner"));

  private AttributeNames() {}

  /** Tells whether an attribute is an owner, a group or permissions, by name or number. */
  static boolean isOwnership(String name) {
    return OWNERSHIP.contains(name) || IDS.contains(name);
  }

  private static Class<?> typeOf(String name) {
    if (TIMES.contains(name)) {
      return FileTime.class;
    }
    if (DOS.contains(name)) {
      return Boolean.class;
    }
    if (IDS.contains(name)) {
      return Integer.class;
    }
    return switch (name) {
      case "permissions" -> Set.class;
      case "owner" -> UserPrincipal.class;
      case "group" -> GroupPrincipal.class;
      default -> Object.class;
    };
  }

  /**
   * Checks the attribute of a set.
   *
   * @param attribute its name, with or without that of its view
   * @param value its value
   * @param views those the file system has
   * @throws UnsupportedOperationException if it is of another
   * @throws IllegalArgumentException if a view we know has no such attribute to be set
   * @throws ClassCastException if its value is of another type
   * @throws NullPointerException if it is null, and no time, of which that keeps the old one
   */
  static void checkSettable(String attribute, @Nullable Object value, Set<String> views) {
    String view = viewOf(attribute, views);
    String name = attribute.substring(attribute.indexOf(':') + 1);
    check(SETTABLE, view, name);
    boolean isBytes = view.equals("user") && value instanceof byte[];
    Class<?> type = view.equals("user") ? ByteBuffer.class : typeOf(name);
    if (value == null && TIMES.contains(name) && !view.equals("user")) {
      return;
    }
    if (!isBytes) {
      require(type, value);
    }
    if (name.equals("permissions") && value instanceof Set<?> permissions) {
      permissions.forEach(each -> require(PosixFilePermission.class, each));
    }
  }

  private static void require(Class<?> type, @Nullable Object value) {
    if (!type.isInstance(Objects.requireNonNull(value))) {
      throw new ClassCastException(value.getClass().getName() + " is no " + type.getName());
    }
  }

  /**
   * Checks what a file is to be created with.
   *
   * @param views those the file system has
   * @throws UnsupportedOperationException if there are permissions among them, and it has none
   */
  static void checkInitial(FileAttribute<?>[] attributes, Set<String> views) {
    for (FileAttribute<?> attribute : attributes) {
      if (attribute != null && attribute.name().startsWith("posix:") && !views.contains("posix")) {
        throw new UnsupportedOperationException(attribute.name() + " not supported");
      }
    }
  }

  /**
   * Checks the attributes of a read.
   *
   * @param views those the file system has
   * @throws UnsupportedOperationException if they are of another
   * @throws IllegalArgumentException if a view we know has not all these attributes, or none are
   *     named
   */
  static void checkReadable(String attributes, Set<String> views) {
    String view = viewOf(attributes, views);
    String names = attributes.substring(attributes.indexOf(':') + 1);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("No attributes specified");
    }
    for (String name : names.split(",")) {
      if (!name.equals("*")) {
        check(READABLE, view, name);
      }
    }
  }

  private static void check(Map<String, Set<String>> known, String view, String name) {
    Set<String> names = known.get(view);
    if (names != null && !names.contains(name)) {
      throw new IllegalArgumentException("'" + view + ":" + name + "' not recognized");
    }
  }

  private static String viewOf(String attribute, Set<String> views) {
    int colon = attribute.indexOf(':');
    String view = colon < 0 ? "basic" : attribute.substring(0, colon);
    if (view.isEmpty()) {
      throw new IllegalArgumentException(attribute);
    }
    if (!views.contains(view)) {
      throw new UnsupportedOperationException("View '" + view + "' not available");
    }
    return view;
  }

  @SafeVarargs
  private static Set<String> union(List<String>... groups) {
    Set<String> all = new HashSet<>();
    for (List<String> group : groups) {
      all.addAll(group);
    }
    return Set.copyOf(all);
  }
}
