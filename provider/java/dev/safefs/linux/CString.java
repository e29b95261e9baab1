package dev.safefs.linux;

import dev.safefs.handle.ByteText;
import dev.safefs.handle.Name;

/** The C strings that system calls take. */
final class CString {
  /** {@code ""}: the descriptor itself, with AT_EMPTY_PATH. */
  static final byte[] EMPTY = {0};

  /** {@code "."}. */
  static final byte[] DOT = {'.', 0};

  /** {@code ".."}. */
  static final byte[] DOT_DOT = {'.', '.', 0};

  private CString() {}

  static byte[] of(Name name) {
    return name.cString();
  }

  static byte[] of(String text) {
    return ByteText.encodeCString(text);
  }
}
