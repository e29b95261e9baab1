package dev.safefs.linux;

import dev.safefs.sys.Abi;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts a path that is longer than the kernel takes into pieces that it takes one after the other.
 * Promise R7.
 */
final class LongPath {
  private LongPath() {}

  /** Tells whether a C string is too long for one call. */
  static boolean isLong(byte[] path) {
    return path.length > Abi.PATH_MAX;
  }

  /**
   * Cuts at separators.
   *
   * @param path a C string
   * @return C strings, all but the first relative; one stays too long if a single name is
   */
  static List<byte[]> cut(byte[] path) {
    List<byte[]> pieces = new ArrayList<>();
    int from = 0;
    int end = path.length - 1;
    while (end - from >= Abi.PATH_MAX) {
      int to = separatorBefore(path, from, from + Abi.PATH_MAX - 1, end);
      pieces.add(piece(path, from, to));
      from = to;
      while (from < end && path[from] == '/') {
        from++;
      }
    }
    if (from < end) {
      pieces.add(piece(path, from, end));
    }
    return pieces;
  }

  /** Finds the last separator in a range behind the first byte, or the first one after it. */
  private static int separatorBefore(byte[] path, int from, int limit, int end) {
    for (int i = limit; i > from; i--) {
      if (path[i] == '/') {
        return i;
      }
    }
    int i = limit;
    while (i < end && path[i] != '/') {
      i++;
    }
    return i;
  }

  private static byte[] piece(byte[] path, int from, int to) {
    byte[] piece = Arrays.copyOfRange(path, from, to + 1);
    piece[to - from] = 0;
    return piece;
  }
}
