package dev.safefs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a file system, one value for each key of the environment map of {@code
 * FileSystems.newFileSystem}. Those of the ambient and of the default file system are the system
 * properties {@code safefs.<key>}, read once, when the file system is first needed. An unknown
 * value of one is an {@code IllegalArgumentException} then, which for the default file system is
 * the cause of an {@code ExceptionInInitializerError}; a property whose key is misspelt is not
 * noticed.
 *
 * @param links {@code links}: symbolic links in confined paths
 * @param mounts {@code mounts}: mount points in confined paths
 * @param durability {@code durability}: what is synced before an operation returns
 * @param publication {@code publication}: when written content becomes visible
 * @param hardLinks {@code hardLinks}: whole-file writes to files with several names
 * @param specialFiles {@code specialFiles}: devices, FIFOs and sockets
 * @param strictness {@code strictness}: promises that a mount cannot keep
 * @param guard {@code guard}: absolute directories of an ambient file system: paths that begin with
 *     one, component by component, do not leave it; paths to the same place that begin otherwise
 *     are as ever. Each must be there when it is needed, and is not made, moved or deleted. Promise
 *     R8
 */
public record SafeConfig(
    LinkPolicy links,
    MountPolicy mounts,
    Durability durability,
    Publication publication,
    HardLinks hardLinks,
    SpecialFiles specialFiles,
    Strictness strictness,
    List<String> guard) {

  /** The prefix of the system properties that set the ambient and the default file system. */
  static final String PROPERTY_PREFIX = "safefs.";

  private static final List<String> KEYS =
      List.of(
          "links",
          "mounts",
          "durability",
          "publication",
          "hardLinks",
          "specialFiles",
          "strictness",
          "guard");

  /** Copies the list of guards, and checks nothing; {@link #with(Map)} does. */
  public SafeConfig {
    guard = List.copyOf(guard);
  }

  /**
   * Returns the settings of a confined file system whose environment is empty.
   *
   * @return beneath, crossing mounts, {@code FILE}, publishing, splitting, refusing special files,
   *     strict
   */
  public static SafeConfig confined() {
    return new SafeConfig(
        LinkPolicy.BENEATH,
        MountPolicy.CROSS,
        Durability.FILE,
        Publication.PUBLISH_ON_CLOSE,
        HardLinks.SPLIT,
        SpecialFiles.REFUSE,
        Strictness.STRICT,
        List.of());
  }

  /**
   * Returns the settings of the ambient file system {@code safe:///} when no system property is
   * set.
   *
   * @return as {@link #confined()}, but special files are allowed
   */
  public static SafeConfig ambient() {
    return confined().with("specialFiles", SpecialFiles.ALLOW);
  }

  /**
   * Returns the settings of the installed default provider when no system property is set.
   *
   * @return as {@link #ambient()}, but best effort
   */
  public static SafeConfig installed() {
    return ambient().with("strictness", Strictness.BEST_EFFORT);
  }

  /**
   * Returns these settings with those of an environment map on top.
   *
   * @param env keys as the parameters of this record; values are their enum constants or, in upper
   *     or lower case, their names; {@code guard} takes an {@code Iterable} of paths, as {@code
   *     Path} or text, or one text with {@code :} between them
   * @return the settings
   * @throws IllegalArgumentException naming the key, or the key and value, that is unknown, or a
   *     guard that is not absolute or has a {@code ..}
   */
  public SafeConfig with(Map<String, ?> env) {
    SafeConfig config = this;
    for (Map.Entry<String, ?> entry : env.entrySet()) {
      config = config.with(entry.getKey(), entry.getValue());
    }
    return config;
  }

  /**
   * Returns these settings with one changed.
   *
   * @param key a key of the environment map
   * @param value its value, as for {@link #with(Map)}
   * @return the settings
   * @throws IllegalArgumentException as for {@link #with(Map)}, also if the value is null
   */
  public SafeConfig with(String key, @Nullable Object value) {
    return new SafeConfig(
        key.equals("links") ? parse(LinkPolicy.class, key, value) : links,
        key.equals("mounts") ? parse(MountPolicy.class, key, value) : mounts,
        key.equals("durability") ? parse(Durability.class, key, value) : durability,
        key.equals("publication") ? parse(Publication.class, key, value) : publication,
        key.equals("hardLinks") ? parse(HardLinks.class, key, value) : hardLinks,
        key.equals("specialFiles") ? parse(SpecialFiles.class, key, value) : specialFiles,
        key.equals("strictness") ? parse(Strictness.class, key, value) : strictness,
        checked(key).equals("guard") ? parseGuard(value) : guard);
  }

  /**
   * Returns these settings as an environment map.
   *
   * @return a map that {@link #with(Map)} takes
   */
  public Map<String, Object> toEnv() {
    return Map.of(
        "links", links,
        "mounts", mounts,
        "durability", durability,
        "publication", publication,
        "hardLinks", hardLinks,
        "specialFiles", specialFiles,
        "strictness", strictness,
        "guard", guard);
  }

  /** Returns these settings with every system property {@code safefs.<key>} that is set on top. */
  SafeConfig withProperties(Function<String, @Nullable String> properties) {
    SafeConfig config = this;
    for (String key : KEYS) {
      String value = properties.apply(PROPERTY_PREFIX + key);
      if (value != null) {
        config = config.with(key, value);
      }
    }
    return config;
  }

  private static String checked(String key) {
    if (!KEYS.contains(key)) {
      throw new IllegalArgumentException("unknown setting '" + key + "'; known are " + KEYS);
    }
    return key;
  }

  private static <E extends Enum<E>> E parse(Class<E> type, String key, @Nullable Object value) {
    String name = String.valueOf(value);
    for (E constant : type.getEnumConstants()) {
      if (constant == value
          || (value instanceof String && constant.name().equals(name.toUpperCase(Locale.ROOT)))) {
        return constant;
      }
    }
    throw new IllegalArgumentException(
        "unknown value '"
            + name
            + "' of setting '"
            + key
            + "'; known are "
            + List.of(type.getEnumConstants()));
  }

  private static List<String> parseGuard(@Nullable Object value) {
    List<String> paths = new ArrayList<>();
    if (value instanceof String text) {
      paths.addAll(List.of(text.split(":", -1)));
    } else if (value instanceof Iterable<?> elements) {
      elements.forEach(element -> paths.add(String.valueOf(element)));
    } else {
      throw new IllegalArgumentException("unknown value '" + value + "' of setting 'guard'");
    }
    paths.removeIf(String::isEmpty);
    for (String path : paths) {
      if (!path.startsWith("/")) {
        throw new IllegalArgumentException(
            "'" + path + "' of setting 'guard' is not an absolute path");
      }
      // Not folded, it would guard only what is spelled like it: nearly nothing.
      if (List.of(path.split("/")).contains("..")) {
        throw new IllegalArgumentException("'" + path + "' of setting 'guard' has a '..'");
      }
    }
    return paths;
  }
}
