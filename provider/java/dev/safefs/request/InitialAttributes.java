package dev.safefs.request;

import dev.safefs.SafeAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The attributes a file, directory or link is created with.
 *
 * @param mode permission bits before the umask, if given
 * @param replace whether an existing link is replaced
 */
public record InitialAttributes(OptionalInt mode, Replace replace) {

  /** None given. */
  public static final InitialAttributes NONE =
      new InitialAttributes(OptionalInt.empty(), Replace.NO_REPLACE);

  /**
   * Parses file attributes.
   *
   * @param attributes {@code posix:permissions} and {@code safe:replaceExisting}
   * @return the last of each
   * @throws UnsupportedOperationException for another attribute
   * @throws NullPointerException if an attribute or its value is null
   */
  public static InitialAttributes parse(FileAttribute<?>... attributes) {
    InitialAttributes parsed = NONE;
    for (FileAttribute<?> attribute : attributes) {
      Object value = attribute.value();
      if (value == null) {
        throw new NullPointerException("value of " + attribute.name());
      }
      parsed =
          switch (attribute.name()) {
            case "posix:permissions" ->
                new InitialAttributes(OptionalInt.of(mode(value)), parsed.replace);
            case SafeAttributes.REPLACE_EXISTING ->
                new InitialAttributes(
                    parsed.mode, value.equals(Boolean.TRUE) ? Replace.REPLACE : Replace.NO_REPLACE);
            default ->
                throw new UnsupportedOperationException(
                    "'" + attribute.name() + "' not supported as initial attribute");
          };
    }
    return parsed;
  }

  /**
   * Parses the attributes of a file or directory, which cannot replace.
   *
   * @param attributes {@code posix:permissions}
   * @return the last given
   * @throws UnsupportedOperationException for another attribute
   */
  public static InitialAttributes parseWithoutReplace(FileAttribute<?>... attributes) {
    InitialAttributes parsed = parse(attributes);
    if (parsed.replace != Replace.NO_REPLACE) {
      throw new UnsupportedOperationException(
          "'" + SafeAttributes.REPLACE_EXISTING + "' is for symbolic links");
    }
    return parsed;
  }

  private static int mode(Object permissions) {
    if (!(permissions instanceof Set<?> set)) {
      throw new ClassCastException("posix:permissions is no set");
    }
    int mode = 0;
    for (Object permission : set) {
      mode |= 1 << 8 - ((PosixFilePermission) permission).ordinal();
    }
    return mode;
  }
}
