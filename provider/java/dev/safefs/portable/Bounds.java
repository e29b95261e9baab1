package dev.safefs.portable;

import dev.safefs.LinkPolicy;
import dev.safefs.PathEscapeException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where walks begin and what they may do.
 *
 * @param host the delegate
 * @param held the directory that confines, or that relative routes begin at; empty for the
 *     delegate's whole namespace
 * @param links what links may do, if it confines
 * @param mounts where it ends, if it confines
 */
record Bounds(
    Host host,
    Optional<HeldDir> held,
    LinkPolicy links,
    MountBoundary mounts,
    Confining confining) {

  private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

  /** As {@link #linkText} has it; no name has a colon where there are drives. */
  private static final Pattern LINK_TO_DRIVE = Pattern.compile("/[A-Za-z]:");

  /** The same, as repeated separators in the text of a link are one. */
  private static final String LINK_TO_SHARE = "/:/";

  private static final String SHARE = "//";

  private static final int DRIVE_LENGTH = 2;
  private static final boolean IGNORING_CASE = true;

  /** Whether a walk may leave its root. */
  enum Confining {
    /** It may not. */
    BENEATH,
    /** There is nothing to leave. */
    AMBIENT
  }

  /**
   * Where one walk begins.
   *
   * @param base a directory, owned
   * @param components what to walk
   */
  record Start(HeldDir base, List<String> components) {}

  boolean isConfining() {
    return confining == Confining.BENEATH;
  }

  /** Returns the root of a walk, not owned. */
  HeldDir root() {
    return held.orElseThrow();
  }

  Start start(String text, String display) throws IOException {
    if (isConfining()) {
      return new Start(root().share(), Arrays.asList(beneath(text, display).split("/")));
    }
    boolean hasDrives = !host.fileSystem().getSeparator().equals("/");
    String plain = hasDrives ? plain(text) : text;
    Path path = host.names().raw(DRIVE.matcher(plain).matches() ? plain + "/" : plain);
    if (held.isPresent() && path.getRoot() == null) {
      return new Start(root().share(), host.names().components(path));
    }
    Path absolute = path.toAbsolutePath();
    return new Start(rootOf(absolute), host.names().components(absolute));
  }

  /**
   * Returns the text of an absolute link, where there are drives and nothing confines, as one that
   * begins at a root.
   */
  static String linkText(String target) {
    if (target.startsWith(SHARE)) {
      return LINK_TO_SHARE + target.substring(SHARE.length());
    }
    return target.startsWith("/") ? target : "/" + target;
  }

  /** Returns what {@link #linkText} made a text of. */
  private static String plain(String text) {
    if (text.startsWith(LINK_TO_SHARE)) {
      return SHARE + text.substring(LINK_TO_SHARE.length());
    }
    return LINK_TO_DRIVE.matcher(text).lookingAt() ? text.substring(1) : text;
  }

  /**
   * Returns the bounds of a directory beneath these: as confining, with the policies, or for an
   * ambient one with relative routes from there.
   */
  Bounds at(HeldDir dir) {
    return new Bounds(host, Optional.of(dir), links, mounts, confining);
  }

  /** Returns those of a directory that is no root: links that begin at the root are escapes. */
  Bounds viewOf(HeldDir dir) {
    LinkPolicy within = links == LinkPolicy.IN_ROOT ? LinkPolicy.BENEATH : links;
    return new Bounds(host, Optional.of(dir), within, mounts, confining);
  }

  /**
   * Returns a text without the drive that a confined path has where the delegate has drives: its
   * first one.
   */
  private String beneath(String text, String display) throws PathEscapeException {
    if (host.fileSystem().getSeparator().equals("/")) {
      return text;
    }
    String top = host.names().top();
    if ((text + "/").regionMatches(IGNORING_CASE, 0, top, 0, top.length())) {
      return text.substring(Math.min(text.length(), top.length()));
    }
    boolean isShare = text.startsWith(SHARE);
    if (!isShare && !DRIVE.matcher(text).lookingAt()) {
      return text;
    }
    if (isShare || !top.regionMatches(IGNORING_CASE, 0, text, 0, DRIVE_LENGTH)) {
      throw new PathEscapeException(display, null, "another drive");
    }
    return text.substring(DRIVE_LENGTH);
  }

  /** Opens the root directory of an absolute path. */
  HeldDir rootOf(Path path) throws IOException {
    Path root = path.toAbsolutePath().getRoot();
    return host.root(root);
  }
}
