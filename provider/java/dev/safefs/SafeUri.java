package dev.safefs;

import dev.safefs.handle.ByteText;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemNotFoundException;
import java.util.Optional;

/**
 * A URI of the scheme {@code safe}: {@code safe:///etc/hosts} in the ambient file system, {@code
 * safe:///srv/data!/a/b} in a confined one. A {@code !} that ends a name is written {@code %21}, so
 * that {@code !/} always ends the root.
 *
 * @param root lossless text of the root of a confined file system, or empty for the ambient one
 * @param path absolute lossless text
 */
record SafeUri(Optional<String> root, String path) {
  /** The scheme. */
  static final String SCHEME = "safe";

  private static final String ROOT_END = "!/";
  private static final String DIGITS = "0123456789ABCDEF";
  private static final String UNESCAPED = "-_.~'()*:@&=+$,;/";

  /**
   * Parses a URI.
   *
   * @throws IllegalArgumentException if it is no hierarchical {@code safe} URI or has an authority,
   *     query or fragment
   * @throws FileSystemNotFoundException if it is of a file system within a confined one, which is
   *     never registered
   */
  static SafeUri parse(URI uri) {
    Optional<String> objection = objection(uri);
    if (objection.isPresent()) {
      throw new IllegalArgumentException("'" + uri + "' names no file: " + objection.get());
    }
    String raw = uri.getRawPath();
    int end = raw.indexOf(ROOT_END);
    if (end < 0) {
      return new SafeUri(Optional.empty(), trim(decode(raw)));
    }
    String path = raw.substring(end + 1);
    if (path.contains(ROOT_END)) {
      throw new FileSystemNotFoundException(uri.toString());
    }
    return new SafeUri(Optional.of(trim(decode(raw.substring(0, end)))), trim(decode(path)));
  }

  /**
   * Returns the raw root URI of an absolute text, to which {@code !} and a path may be added. A
   * drive gets a slash before it, as in {@code file:} URIs.
   */
  static String rootUri(String text) {
    return SCHEME + "://" + (text.startsWith("/") ? "" : "/") + encode(text);
  }

  /** Encodes lossless text for the path of a URI. */
  static String encode(String text) {
    StringBuilder out = new StringBuilder(text.length() + 8);
    byte[] bytes = ByteText.encode(text);
    for (int i = 0; i < bytes.length; i++) {
      char c = (char) (bytes[i] & 0xFF);
      boolean endsName = i + 1 == bytes.length || bytes[i + 1] == '/';
      if (isPlain(c) || c == '!' && !endsName) {
        out.append(c);
      } else {
        out.append('%').append(DIGITS.charAt(c >> 4)).append(DIGITS.charAt(c & 15));
      }
    }
    return out.toString();
  }

  private static boolean isPlain(char c) {
    return c < 0x80 && (Character.isLetterOrDigit(c) || UNESCAPED.indexOf(c) >= 0);
  }

  /** Decodes the raw path of a URI to lossless text. */
  static String decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(raw.length());
    int i = 0;
    while (i < raw.length()) {
      int next = raw.indexOf('%', i);
      if (next == i) {
        out.write(Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 3;
      } else {
        int end = next < 0 ? raw.length() : next;
        out.writeBytes(raw.substring(i, end).getBytes(StandardCharsets.UTF_8));
        i = end;
      }
    }
    return ByteText.decode(out.toByteArray(), 0, out.size());
  }

  private static String trim(String text) {
    int end = text.length();
    while (end > 1 && text.charAt(end - 1) == '/') {
      end--;
    }
    return end == 0 ? "/" : text.substring(0, end);
  }

  private static Optional<String> objection(URI uri) {
    if (!SCHEME.equalsIgnoreCase(uri.getScheme())) {
      return Optional.of("its scheme is not safe");
    }
    if (uri.isOpaque() || !uri.getRawPath().startsWith("/")) {
      return Optional.of("it has no absolute path");
    }
    if (uri.getRawAuthority() != null) {
      return Optional.of("it has an authority");
    }
    if (uri.getRawQuery() != null) {
      return Optional.of("it has a query");
    }
    if (uri.getRawFragment() != null) {
      return Optional.of("it has a fragment");
    }
    return decode(uri.getRawPath()).indexOf('\0') < 0
        ? Optional.empty()
        : Optional.of("it has a NUL");
  }
}
