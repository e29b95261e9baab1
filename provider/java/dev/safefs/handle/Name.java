package dev.safefs.handle;

import org.jspecify.annotations.Nullable;

/**
 * One path component, proven: not empty, not {@code .} or {@code ..}, without separator or NUL. Its
 * text is lossless, see {@link ByteText}.
 */
public final class Name {
  private final String text;

  private Name(String text) {
    this.text = text;
  }

  /**
   * Proves a name.
   *
   * @param text lossless text
   * @return the name
   * @throws IllegalArgumentException if the text is not one component
   */
  public static Name of(String text) {
    if (!isName(text)) {
      throw new IllegalArgumentException("not a name: '" + text + "'");
    }
    return new Name(text);
  }

  /**
   * Tells whether a text is one component.
   *
   * @param text lossless text
   * @return whether {@link #of} accepts it
   */
  public static boolean isName(String text) {
    return !text.isEmpty()
        && !text.equals(".")
        && !text.equals("..")
        && text.indexOf('/') < 0
        && text.indexOf('\0') < 0;
  }

  /**
   * Returns the lossless text.
   *
   * @return one component
   */
  public String text() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Name name && text.equals(name.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
