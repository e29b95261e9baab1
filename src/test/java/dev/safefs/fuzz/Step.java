package dev.safefs.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One random step of a program.
 *
 * @param verb what it does
 * @param path to which path, as the raw path of a URI, beginning with a slash
 * @param other the other path, or a link's target
 */
record Step(Verb verb, String path, String other) {
  /** Names with dots, blanks, letters beyond ASCII, and bytes that are no UTF-8. */
  private static final List<String> NAMES =
      List.of("a", "b", "c", "d.", "..e", "%20f", "%C3%A9", "%FF%FEg");

  /** Said of a failed step that has taken away what it should have replaced. */
  private static final String LOST = " and lost its target";

  private static final List<Verb> VERBS = List.of(Verb.values());

  /** The last verbs. */
  private static final int WILD = 2;

  /** What a step does. */
  enum Verb {
    CREATE((path, other, root) -> Files.createFile(path)),
    WRITE(
        (path, other, root) ->
            Files.write(
                path,
                path.getFileName().toString().getBytes(java.nio.charset.StandardCharsets.UTF_8))),
    APPEND((path, other, root) -> Files.write(path, new byte[] {'+'}, StandardOpenOption.APPEND)),
    WRITE_NEW(
        (path, other, root) -> Files.write(path, new byte[] {'n'}, StandardOpenOption.CREATE_NEW)),
    READ((path, other, root) -> Files.readString(path)),
    MAKE_DIRECTORY((path, other, root) -> Files.createDirectory(path)),
    MAKE_DIRECTORIES((path, other, root) -> Files.createDirectories(path)),
    MAKE_LINK((path, other, root) -> Files.createLink(path, other)),
    MAKE_SYMBOLIC_LINK(
        (path, other, root) -> Files.createSymbolicLink(path, root.relativize(other))),
    READ_LINK(
        (path, other, root) -> Files.readSymbolicLink(path).toUri().getRawPath().length() > 0),
    MOVE((path, other, root) -> Files.move(path, other)),
    MOVE_OVER((path, other, root) -> Files.move(path, other, StandardCopyOption.REPLACE_EXISTING)),
    COPY((path, other, root) -> Files.copy(path, other)),
    COPY_OVER((path, other, root) -> Files.copy(path, other, StandardCopyOption.REPLACE_EXISTING)),
    COPY_ITSELF((path, other, root) -> Files.copy(path, other, LinkOption.NOFOLLOW_LINKS)),
    DELETE(
        (path, other, root) -> {
          Files.delete(path);
          return path;
        }),
    LIST(
        (path, other, root) -> {
          try (Stream<Path> entries = Files.list(path)) {
            TreeSet<String> names = new TreeSet<>();
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
            return names;
          }
        }),
    EXISTS(
        (path, other, root) ->
            Files.exists(path) + " " + Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)),
    SIZE((path, other, root) -> Files.isDirectory(path) ? 0 : Files.size(path)),
    REAL_PATH((path, other, root) -> root.toRealPath().relativize(path.toRealPath())),
    SAME((path, other, root) -> Files.isSameFile(path, other)),
    SET_PERMISSIONS(
        (path, other, root) ->
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-x---"))),
    /** Only in a root of its own. */
    MAKE_ABSOLUTE_LINK((path, other, root) -> Files.createSymbolicLink(path, other)),
    /** Only in a root of its own. */
    MAKE_LINK_UP(
        (path, other, root) ->
            Files.createSymbolicLink(
                path, root.getFileSystem().getPath("../..").resolve(root.relativize(other))));

    private final Act act;

    Verb(Act act) {
      this.act = act;
    }
  }

  /** Does it. */
  private interface Act {
    Object on(Path path, Path other, Path root) throws IOException;
  }

  /** Gives the path of a raw path beneath a tree. */
  interface Tree {
    Path path(String raw);
  }

  static Step random(Random random) {
    Verb verb = VERBS.get(random.nextInt(VERBS.size() - WILD));
    return new Step(verb, path(random, true), path(random, false));
  }

  /** Returns a step for where the root is a root: paths and links may lead above it. */
  static Step wild(Random random) {
    Verb verb = VERBS.get(random.nextInt(VERBS.size()));
    String up = "/..".repeat(random.nextInt(8) == 0 ? 1 + random.nextInt(3) : 0);
    return new Step(verb, up + path(random, true), path(random, false));
  }

  /**
   * Never more often up than down, and links lead down only: so no path leaves the tree, whatever
   * is there.
   */
  private static String path(Random random, boolean mayGoUp) {
    StringBuilder path = new StringBuilder();
    int depth = 0;
    for (int i = random.nextInt(3); i >= 0; i--) {
      if (mayGoUp && depth > 0 && random.nextInt(6) == 0) {
        path.append("/..");
        depth--;
      } else if (mayGoUp && random.nextInt(12) == 0) {
        path.append("/.");
      } else {
        path.append('/').append(NAMES.get(random.nextInt(NAMES.size())));
        depth++;
      }
    }
    return path.toString();
  }

  /** Does it to a tree; returns what a program sees of it. */
  String on(Tree tree) {
    Path root = tree.path("/");
    Path target = tree.path(other);
    boolean isReplacing = isReplacing() && Files.exists(target, LinkOption.NOFOLLOW_LINKS);
    try {
      Object value = verb.act.on(tree.path(path), target, root);
      return value instanceof Path made
          ? (made.isAbsolute() ? "a path" : made.toString())
          : String.valueOf(value);
    } catch (IOException | RuntimeException e) {
      boolean isLost = isReplacing && !Files.exists(target, LinkOption.NOFOLLOW_LINKS);
      return "threw " + e.getClass().getName() + (isLost ? LOST : "");
    }
  }

  private boolean isReplacing() {
    return verb == Verb.MOVE_OVER || verb == Verb.COPY_OVER;
  }

  /**
   * Tells whether a step, as the JDK does it, has removed a target that it then failed to replace:
   * nobody else is to do so, whatever else the outcome is.
   */
  static boolean isLoss(String seen) {
    return seen.endsWith(LOST);
  }

  /**
   * Tells whether a difference is the one of Java 18 and later: for {@code createDirectories} a
   * name beneath a file is one that is missing, so that it makes what remains of a path with {@code
   * ..} (docs/differences.md).
   */
  boolean isBeneathFile(String expected, String actual) {
    return Runtime.version().feature() > 17
        && verb == Verb.MAKE_DIRECTORIES
        && path.matches(".*/[.][.](/.*)?")
        && !expected.startsWith("threw")
        && actual.equals("threw java.nio.file.FileSystemException");
  }

  /** Tells whether trees may differ after a step: the JDK may have removed what it replaces. */
  boolean isLast(String seen) {
    return isReplacing() && seen.startsWith("threw");
  }
}
