package dev.safefs.handle;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.util.Arrays;

/**
 * File names as text that loses nothing: UTF-8, and every byte that is not part of valid UTF-8 as a
 * lone low surrogate U+DC80 to U+DCFF, as Python's {@code surrogateescape} does.
 */
public final class ByteText {
  private static final int ESCAPE = 0xDC00;

  private ByteText() {}

  /**
   * Returns the bytes of a text.
   *
   * @param text lossless text
   * @return its bytes, without a terminator
   */
  public static byte[] encode(String text) {
    if (!hasEscapes(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 8);
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        out.writeBytes(text.substring(start, i).getBytes(StandardCharsets.UTF_8));
        out.write(text.charAt(i) - ESCAPE);
        start = i + 1;
      }
    }
    out.writeBytes(text.substring(start).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }

  /**
   * Returns the C string of a text.
   *
   * @param text lossless text without NUL
   * @return its bytes and a NUL
   */
  public static byte[] encodeCString(String text) {
    byte[] bytes = encode(text);
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  /**
   * Returns the text of bytes.
   *
   * @param bytes the array
   * @param from first index
   * @param to index behind the last
   * @return lossless text
   */
  public static String decode(byte[] bytes, int from, int to) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (text.indexOf('\uFFFD') < 0) {
      return text;
    }
    StringBuilder out = new StringBuilder(to - from);
    int i = from;
    while (i < to) {
      int length = sequenceLength(bytes, i, to);
      if (length == 0) {
        out.append((char) (ESCAPE + (bytes[i] & 0xFF)));
        i++;
      } else {
        out.append(new String(bytes, i, length, StandardCharsets.UTF_8));
        i += length;
      }
    }
    return out.toString();
  }

  /**
   * Tells whether a text stands for bytes that are not valid UTF-8.
   *
   * @param text lossless text
   * @return whether it has an escaped byte
   */
  public static boolean hasEscapes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Tells whether a file system's names are bytes, which its paths' text may not show: those of the
   * JDK's own on Unix. Others have text itself.
   *
   * @param fileSystem any
   * @return whether text stands for bytes there
   */
  public static boolean isOf(FileSystem fileSystem) {
    return fileSystem.provider().getScheme().equals("file")
        && fileSystem.getSeparator().equals("/");
  }

  /**
   * Tells whether a text is the same in every charset of a locale.
   *
   * @param text any
   * @return whether it is all ASCII
   */
  public static boolean isAscii(String text) {
    return StandardCharsets.US_ASCII.newEncoder().canEncode(text);
  }

  private static boolean isEscape(String text, int i) {
    char c = text.charAt(i);
    return c >= 0xDC80 && c <= 0xDCFF && (i == 0 || !Character.isHighSurrogate(text.charAt(i - 1)));
  }

  /** Returns the length of the valid UTF-8 sequence at {@code i}, or 0 where there is none. */
  private static int sequenceLength(byte[] bytes, int i, int to) {
    int first = bytes[i] & 0xFF;
    int length =
        first < 0x80
            ? 1
            : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || i + length > to) {
      return 0;
    }
    String text = new String(bytes, i, length, StandardCharsets.UTF_8);
    return text.indexOf('\uFFFD') < 0 || isReplacementCharacter(bytes, i, length) ? length : 0;
  }

  private static boolean isReplacementCharacter(byte[] bytes, int i, int length) {
    return length == 3
        && bytes[i] == (byte) 0xEF
        && bytes[i + 1] == (byte) 0xBF
        && bytes[i + 2] == (byte) 0xBD;
  }
}
