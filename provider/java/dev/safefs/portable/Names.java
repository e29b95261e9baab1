package dev.safefs.portable;

import dev.safefs.handle.ByteText;
import dev.safefs.handle.Name;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Converts names to paths of the delegate with one component, and back. */
final class Names {
  private static final char REPLACEMENT = '\uFFFD';

  private final FileSystem fileSystem;
  private final Set<Trait> traits;

  /** Only the JDK's paths are, and have text that stands for some; others have text itself. */
  private final boolean isOfBytes;

  /** Elsewhere their text is that of the locale's charset, and only ASCII is the same in all. */
  private final boolean isUtf8 =
      System.getProperty("sun.jnu.encoding", "UTF-8").equalsIgnoreCase("UTF-8");

  Names(FileSystem fileSystem, Set<Trait> traits) {
    this.fileSystem = fileSystem;
    this.traits = traits;
    this.isOfBytes = ByteText.isOf(fileSystem);
  }

  /**
   * Proves that the delegate reads a text as one component: a backslash or a drive letter may make
   * it more than that.
   *
   * @throws FileSystemException if it does not, or cannot have such a name
   */
  Name checked(String text) throws FileSystemException {
    String why = "not a name here";
    try {
      if (traits.contains(Trait.WINDOWS)) {
        WindowsNames.check(text);
      }
      if (Name.isName(text) && isOne(raw(text))) {
        return Name.of(text);
      }
    } catch (InvalidPathException e) {
      why = "not a name here: " + e.getReason();
    }
    throw new FileSystemException(text, null, why);
  }

  /** Proves a name, as {@link #checked}. */
  Name checked(Name name) throws FileSystemException {
    return checked(name.text());
  }

  /** Returns the relative path of a name that was {@link #checked}. */
  Path path(Name name) {
    return raw(name.text());
  }

  /** Returns the name of an entry of a listing, which may carry the directory's path. */
  Name name(Path entry) {
    return Name.of(text(entry.getFileName()));
  }

  /** Returns the path of a text with {@code /} between components. */
  Path raw(String text) {
    if (!isOfBytes || (isUtf8 ? !ByteText.hasEscapes(text) : ByteText.isAscii(text))) {
      return fileSystem.getPath(text);
    }
    Path path =
        fileSystem
            .provider()
            .getPath(URI.create("file://" + encode(text.startsWith("/") ? text : "/" + text)));
    return text.startsWith("/") ? path : path.subpath(0, path.getNameCount());
  }

  /** Returns the lossless text of a path, with {@code /} between components. */
  String text(Path path) {
    String text = path.toString();
    if (!fileSystem.getSeparator().equals("/")) {
      return text.replace(fileSystem.getSeparator(), "/");
    }
    if (!isOfBytes || (isUtf8 ? text.indexOf(REPLACEMENT) < 0 : ByteText.isAscii(text))) {
      return text;
    }
    List<String> parts = new ArrayList<>();
    path.forEach(part -> parts.add(decode(part)));
    return (path.isAbsolute() ? "/" : "") + String.join("/", parts);
  }

  /**
   * Returns the text of the root that confined paths begin with: the delegate's first, as it may
   * have drives.
   */
  String top() {
    return fileSystem.getSeparator().equals("/")
        ? "/"
        : text(fileSystem.getRootDirectories().iterator().next());
  }

  /** Returns the components of a path's text after its root. */
  List<String> components(Path path) {
    List<String> parts = new ArrayList<>();
    path.forEach(part -> parts.add(text(part)));
    return parts;
  }

  private static boolean isOne(Path path) {
    return path.getRoot() == null && path.getNameCount() == 1;
  }

  /**
   * Reads the bytes of a name off the URI of a file in the root, as the JDK's paths show them
   * nowhere else.
   */
  private String decode(Path part) {
    Path root = fileSystem.getRootDirectories().iterator().next();
    String raw = root.resolve(part).toUri().getRawPath().substring(1);
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      boolean escaped = raw.charAt(i) == '%';
      bytes[length++] =
          escaped ? (byte) Integer.parseInt(raw.substring(i + 1, i + 3), 16) : (byte) raw.charAt(i);
      i += escaped ? 2 : 0;
    }
    String text = ByteText.decode(bytes, 0, length);
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static String encode(String text) {
    StringBuilder raw = new StringBuilder();
    for (byte b : ByteText.encode(text)) {
      if (b == '/' || (b > 0 && Character.isLetterOrDigit(b))) {
        raw.append((char) b);
      } else {
        raw.append('%')
            .append(Character.forDigit(b >> 4 & 0xF, 16))
            .append(Character.forDigit(b & 0xF, 16));
      }
    }
    return raw.toString();
  }
}
