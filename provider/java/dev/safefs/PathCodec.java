package dev.safefs;

import dev.safefs.handle.ByteText;
import dev.safefs.handle.Route;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.Path;

/**
 * Converts paths of the delegate to lossless text and back, see {@link ByteText}.
 *
 * <p>The JDK's paths are bytes, but their {@code toString} shows bytes that the platform's charset
 * cannot decode as U+FFFD, and their {@code getPath} cannot take them. Their {@code file:} URIs can
 * do both. Other providers' paths are text already: there U+FFFD and a lone surrogate are
 * characters like any other.
 */
final class PathCodec {
  private static final char REPLACEMENT = '\uFFFD';

  private final FileSystem delegate;
  private final boolean isOfBytes;
  private final boolean isUtf8;

  PathCodec(FileSystem delegate) {
    this(delegate, System.getProperty("sun.jnu.encoding", "UTF-8"));
  }

  PathCodec(FileSystem delegate, String charset) {
    this.delegate = delegate;
    this.isOfBytes = ByteText.isOf(delegate);
    this.isUtf8 = charset.equalsIgnoreCase("UTF-8");
  }

  /** Returns the lossless text of a path with {@code /} between names. */
  String text(Path path) {
    String text = path.toString();
    if (!delegate.getSeparator().equals("/")) {
      return text.replace(delegate.getSeparator(), "/");
    }
    return isLossless(text) ? text : textOfNames(path);
  }

  /** Returns the path of a lossless text. */
  Path path(String text) {
    if (!isOfBytes || (!ByteText.hasEscapes(text) && (isUtf8 || ByteText.isAscii(text)))) {
      return delegate.getPath(text);
    }
    boolean isAbsolute = text.startsWith("/");
    String raw = SafeUri.encode(isAbsolute ? text : "/" + text);
    Path path = delegate.provider().getPath(URI.create("file://" + raw));
    return isAbsolute ? path : path.subpath(0, path.getNameCount());
  }

  /** Returns the absolute path that a URI's path names, which has a slash before a drive. */
  Path pathOfUri(String text) {
    boolean hasDrives = !delegate.getSeparator().equals("/");
    if (!hasDrives || !beginsWithDrive(text)) {
      return path(text);
    }
    String path = text.substring(1);
    return path(path.endsWith(":") ? path + "/" : path);
  }

  /** No regular expression, which has lambdas: they need the default file system, see ADR 14. */
  private static boolean beginsWithDrive(String text) {
    if (text.length() < 3 || text.charAt(0) != '/' || text.charAt(2) != ':') {
      return false;
    }
    int letter = text.charAt(1) | 0x20;
    return letter >= 'a' && letter <= 'z' && (text.length() == 3 || text.charAt(3) == '/');
  }

  /** Returns the path that a text names beneath a root of the delegate. */
  Path pathIn(Path root, String text) {
    return root.resolve(path(text.substring(1)));
  }

  /** Returns the text of an absolute path without the root it is in, but for a slash. */
  String textIn(Path root, String text) {
    String above = text(root);
    return text.startsWith(above) ? "/" + text.substring(above.length()) : "/" + text;
  }

  /** Returns the route of a path. */
  Route route(Path path, String display) {
    return new Route(text(path), display);
  }

  private boolean isLossless(String text) {
    return !isOfBytes || (isUtf8 ? text.indexOf(REPLACEMENT) < 0 : ByteText.isAscii(text));
  }

  private String textOfNames(Path path) {
    StringBuilder text = new StringBuilder();
    for (Path name : path) {
      if (text.length() > 0 || path.isAbsolute()) {
        text.append('/');
      }
      text.append(isLossless(name.toString()) ? name.toString() : textOfName(name));
    }
    return text.toString();
  }

  /**
   * Reads the bytes of a name off the URI of a file in the root, which gets a separator if it is a
   * directory.
   */
  private String textOfName(Path name) {
    Path root = delegate.getRootDirectories().iterator().next();
    String text = SafeUri.decode(root.resolve(name).toUri().getRawPath().substring(1));
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
