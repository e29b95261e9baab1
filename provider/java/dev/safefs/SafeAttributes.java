package dev.safefs;

import java.nio.file.attribute.FileAttribute;

/**
 * File attributes that only SafeFS file systems know, for code that can pass nothing else through.
 */
public final class SafeAttributes {

  /** The name of {@link #replaceExisting}. */
  public static final String REPLACE_EXISTING = "safe:replaceExisting";

  private SafeAttributes() {}

  /**
   * Returns an attribute that makes {@code Files.createSymbolicLink} replace an existing link or
   * file without a gap, as {@link SafeFiles#replaceSymbolicLink(java.nio.file.Path,
   * java.nio.file.Path)} does. A directory is not replaced, which is a {@code
   * FileAlreadyExistsException}. Other operations, and other providers, refuse the attribute with
   * an {@code UnsupportedOperationException}. Promise L1.
   *
   * @return the attribute {@code safe:replaceExisting}
   */
  public static FileAttribute<Boolean> replaceExisting() {
    return new FileAttribute<>() {
      @Override
      public String name() {
        return REPLACE_EXISTING;
      }

      @Override
      public Boolean value() {
        return Boolean.TRUE;
      }
    };
  }
}
