package dev.safefs;

import dev.safefs.handle.Anchor;
import dev.safefs.handle.Engine;
import dev.safefs.handle.Route;
import dev.safefs.op.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The guarded directories of an ambient file system: each path that begins with one, component by
 * component, is resolved beneath it. A {@code .} counts for nothing; a {@code ..} is not folded,
 * because what it means depends on links: {@code /srv/uploads/../x} begins with {@code
 * /srv/uploads}, and is an escape. Special files are refused there.
 */
final class Guards {
  private final Delegate delegate;
  private final SafeConfig config;
  private final List<Guard> longestFirst;

  Guards(Delegate delegate, SafeConfig config) {
    this.delegate = delegate;
    this.config = config.with("specialFiles", SpecialFiles.REFUSE);
    List<Guard> guards = new ArrayList<>();
    for (String text : config.guard()) {
      guards.add(new Guard(withoutDots(delegate.fileSystem().getPath(text))));
    }
    guards.sort((one, other) -> other.directory.getNameCount() - one.directory.getNameCount());
    this.longestFirst = List.copyOf(guards);
  }

  /** Returns the guard a path of the delegate is to be resolved beneath. */
  Optional<Guard> find(Path path) {
    if (longestFirst.isEmpty()) {
      return Optional.empty();
    }
    Path absolute = withoutDots(path.toAbsolutePath());
    return longestFirst.stream().filter(guard -> absolute.startsWith(guard.directory)).findFirst();
  }

  private static Path withoutDots(Path absolute) {
    Path kept = Objects.requireNonNull(absolute.getRoot());
    for (Path name : absolute) {
      if (!name.toString().equals(".")) {
        kept = kept.resolve(name);
      }
    }
    return kept;
  }

  /** A directory that is opened on first need, and again once another one has its name. */
  final class Guard {
    private final Path directory;
    private @Nullable Anchor anchor;
    private @Nullable Object openedKey;

    private Guard(Path directory) {
      this.directory = directory;
    }

    /** Returns the route of the directory itself. */
    Route route() {
      return delegate.codec().route(directory, directory.toString());
    }

    /**
     * Returns where a path is beneath the directory.
     *
     * @throws java.nio.file.NoSuchFileException if the directory does not exist
     * @throws IOException if it cannot be opened
     */
    Place place(Path path, String display) throws IOException {
      Route route = new Route("/" + beneath(withoutDots(path.toAbsolutePath())), display);
      return new Place(anchor(display), route, config);
    }

    /** Not by {@code relativize}, which folds {@code ..}. */
    private String beneath(Path absolute) {
      int depth = directory.getNameCount();
      return absolute.getNameCount() == depth
          ? ""
          : delegate.codec().text(absolute.subpath(depth, absolute.getNameCount()));
    }

    /** An anchor that was replaced is not closed: calls under way still use it. */
    private synchronized Anchor anchor(String display) throws IOException {
      Object key = key();
      Anchor opened = anchor;
      if (opened == null || !Objects.equals(key, openedKey)) {
        // Confinement is never given up for a lesser one. Promise G2.
        Engine engine = delegate.engines().engine(delegate, display);
        Route route = new Route(delegate.codec().text(directory), display);
        opened = engine.confine(route, config.links(), config.mounts());
        anchor = opened;
        openedKey = key;
      }
      return opened;
    }

    private Object key() throws IOException {
      BasicFileAttributes attributes =
          delegate.provider().readAttributes(directory, BasicFileAttributes.class);
      return Objects.requireNonNullElse(attributes.fileKey(), directory);
    }
  }
}
