package dev.safefs.portable;

import dev.safefs.LinkPolicy;
import dev.safefs.PathEscapeException;
import java.io.Closeable;
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
 * @param held the directory that confines, or empty for the delegate's whole namespace
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
   * @param bounds with a root
   * @param components what to walk
   * @param own the root, if it was opened for this walk
   */
  record Start(Bounds bounds, List<String> components, Optional<HeldDir> own) implements Closeable {
    @Override
    public void close() throws IOException {
      if (own.isPresent()) {
        own.get().close();
      }
    }
  }

  boolean isConfining() {
    return confining == Confining.BENEATH;
  }

  /** Returns the root of a walk, not owned. */
  HeldDir root() {
    return held.orElseThrow();
  }

  Start start(String text, String display) throws IOException {
    if (isConfining()) {
      return new Start(this, Arrays.asList(beneath(text, display).split("/")), Optional.empty());
    }
    Path path = host.names().raw(DRIVE.matcher(text).matches() ? text + "/" : text);
    Path absolute = path.toAbsolutePath();
    HeldDir root = rootOf(absolute);
    Bounds bounds = new Bounds(host, Optional.of(root), links, mounts, confining);
    return new Start(bounds, host.names().components(absolute), Optional.of(root));
  }

  /**
   * Returns a text without the drive that a confined path has where the delegate has drives: its
   * first one.
   */
  private String beneath(String text, String display) throws PathEscapeException {
    if (host.fileSystem().getSeparator().equals("/") || !DRIVE.matcher(text).lookingAt()) {
      return text;
    }
    if (!host.names().top().regionMatches(IGNORING_CASE, 0, text, 0, DRIVE_LENGTH)) {
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
