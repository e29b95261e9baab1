package dev.safefs.handle;

import org.jspecify.annotations.Nullable;

/**
 * One path component, proven: not empty, not {@code .} or {@code ..}, without separator or NUL. Its
 * text is lossless, see {@link ByteText}.
 *
 * <p>One that was read from a directory keeps the bytes it came as, and has a text only once that
 * is asked for: a deletion of many files never needs it.
 */
public final class Name {
  private static final byte[] NO_BYTES = {};

  /** What it came as, with a NUL; empty if it came as text. */
  private final byte[] bytes;

  private @Nullable String text;

  private Name(byte[] bytes, @Nullable String text) {
    this.bytes = bytes;
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
    return new Name(NO_BYTES, text);
  }

  /**
   * Proves the bytes of a name.
   *
   * @param bytes an array, copied
   * @param from first index
   * @param to index behind the last
   * @return the name
   * @throws IllegalArgumentException if the bytes are not one component
   */
  public static Name of(byte[] bytes, int from, int to) {
    if (!isName(bytes, from, to)) {
      throw new IllegalArgumentException("not a name: '" + ByteText.decode(bytes, from, to) + "'");
    }
    byte[] copy = new byte[to - from + 1];
    System.arraycopy(bytes, from, copy, 0, to - from);
    return new Name(copy, null);
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

  private static boolean isName(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '/' || bytes[i] == 0) {
        return false;
      }
    }
    return to > from && !isDots(bytes, from, to);
  }

  private static boolean isDots(byte[] bytes, int from, int to) {
    return bytes[from] == '.' && (to == from + 1 || (to == from + 2 && bytes[from + 1] == '.'));
  }

  /**
   * Returns the lossless text.
   *
   * @return one component
   */
  public String text() {
    String known = text;
    if (known == null) {
      known = ByteText.decode(bytes, 0, bytes.length - 1);
      text = known;
    }
    return known;
  }

  /**
   * Returns the name as system calls take it.
   *
   * @return its bytes and a NUL; not to be changed
   */
  public byte[] cString() {
    return bytes.length == 0 ? ByteText.encodeCString(text()) : bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Name name && text().equals(name.text());
  }

  @Override
  public int hashCode() {
    return text().hashCode();
  }

  @Override
  public String toString() {
    return text();
  }
}
