package dev.safefs.portable;

import dev.safefs.LinkPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A walk from a root, one name at a time. The delegate never sees a link to be followed, nor {@code
 * ..}: links are read here, and a step up walks down again from where it began. Holds three
 * directories at most.
 */
final class Walker implements AutoCloseable {
  /** As many links as the kernel follows in one path; path_resolution(7). */
  private static final int LINK_BUDGET = 40;

  private final Bounds bounds;
  private final Host host;
  private final Goal goal;
  private final String display;
  private final Deque<Name> trail = new ArrayDeque<>();
  private final Deque<String> pending = new ArrayDeque<>();
  private HeldDir base;
  private HeldDir top;
  private int followed;

  /** What a walk is to end at. */
  enum Goal {
    /** A directory on the way to the user's name. */
    PARENT,
    /** A directory that the user named. */
    DIRECTORY,
    /** A directory that the user named, a link to one refused. */
    DIRECTORY_ITSELF,
    /** Anything, behind links. */
    OBJECT,
    /** Anything, a link itself included. */
    OBJECT_ITSELF;

    boolean isDirectory() {
      return this == PARENT || this == DIRECTORY || this == DIRECTORY_ITSELF;
    }

    boolean followsLast() {
      return this == PARENT || this == DIRECTORY || this == OBJECT;
    }
  }

  /**
   * What a walk ended at.
   *
   * @param dir a directory, owned
   * @param entry what was found in it, or empty if it is the directory itself
   */
  record Found(HeldDir dir, Optional<Entry> entry) {}

  /** A name and what has it. */
  record Entry(Name name, Stat stat) {}

  private Walker(Bounds bounds, HeldDir start, Goal goal, String display) {
    this.bounds = bounds;
    this.host = bounds.host();
    this.base = start;
    this.top = start.share();
    this.goal = goal;
    this.display = display;
  }

  /** Opens what a text leads to. */
  static Found walk(Bounds bounds, String text, Goal goal, String display) throws IOException {
    return Failures.shown(
        display,
        () -> {
          Bounds.Start start = bounds.start(text, display);
          try (Walker walker = new Walker(bounds, start.base(), goal, display)) {
            walker.prepend(start.components());
            return walker.run();
          }
        });
  }

  @Override
  public void close() throws IOException {
    try {
      top.close();
    } finally {
      base.close();
    }
  }

  private Found run() throws IOException {
    while (!pending.isEmpty()) {
      String component = pending.removeFirst();
      switch (component) {
        case "", "." -> {}
        case ".." -> up();
        default -> {
          Optional<Entry> end = step(host.names().checked(component));
          if (end.isPresent()) {
            return new Found(top.share(), end);
          }
        }
      }
    }
    return new Found(top.share(), Optional.empty());
  }

  /** Takes a step, and returns where the walk ends if it ends there. */
  private Optional<Entry> step(Name name) throws IOException {
    boolean isLast = pending.isEmpty();
    Stat stat = top.look(name).orElseThrow(() -> new NoSuchFileException(display));
    if (stat.type() == FileType.SYMLINK && (!isLast || goal.followsLast())) {
      follow(name, stat);
      return Optional.empty();
    }
    bounds.mounts().check(top, name, stat.type(), display);
    if (isLast && !goal.isDirectory()) {
      return Optional.of(new Entry(name, stat));
    }
    if (stat.type() != FileType.DIRECTORY) {
      throw isLast && goal != Goal.PARENT
          ? new NotDirectoryException(display)
          : new FileSystemException(display, null, "Not a directory");
    }
    down(name);
    return Optional.empty();
  }

  private void down(Name name) throws IOException {
    HeldDir child = enter(top, name);
    HeldDir parent = top;
    top = child;
    trail.addLast(name);
    parent.close();
  }

  /**
   * Enters a directory. One that may be searched only is not held, as the delegate opens what it
   * can read.
   */
  private HeldDir enter(HeldDir dir, Name name) throws IOException {
    try {
      return dir.enter(name);
    } catch (AccessDeniedException e) {
      if (bounds.isConfining()) {
        throw e;
      }
      return dir.byPath(
          path -> host.child(dir.node(), name, path.resolve(host.names().path(name))));
    }
  }

  private void up() throws IOException {
    if (trail.isEmpty()) {
      if (bounds.isConfining() && bounds.links() != LinkPolicy.IN_ROOT) {
        throw escape("leads out of the root");
      }
      if (!bounds.isConfining()) {
        above();
      }
      return;
    }
    trail.removeLast();
    List<Name> names = new ArrayList<>(trail);
    restart();
    for (Name name : names) {
      try {
        down(name);
      } catch (NotDirectoryException | NoSuchFileException e) {
        throw Failures.race("a directory on the way was exchanged or removed");
      }
    }
  }

  private void follow(Name name, Stat link) throws IOException {
    if (bounds.isConfining() && bounds.links() == LinkPolicy.REFUSE) {
      throw escape("a symbolic link, and links are refused");
    }
    if (++followed > LINK_BUDGET) {
      throw new FileSystemException(display, null, "Too many levels of symbolic links");
    }
    new StickyDirectory(host, top, display).checkMayFollow(link);
    Path target =
        top.byPath(path -> host.provider().readSymbolicLink(path.resolve(host.names().path(name))));
    if (top.look(name).filter(link::isSameFile).isEmpty()) {
      throw Failures.race("a link was exchanged while it was read");
    }
    if (target.getRoot() != null) {
      if (bounds.isConfining() && (bounds.links() != LinkPolicy.IN_ROOT || !target.isAbsolute())) {
        throw escape("an absolute link");
      }
      rebase(bounds.isConfining() ? bounds.root().share() : bounds.rootOf(target));
    }
    prepend(host.names().components(target));
  }

  /** Goes to the directory above an ambient walk's base, which is a root or one that is held. */
  private void above() throws IOException {
    HeldDir parent =
        base.byPath(path -> path.getParent() == null ? base.share() : host.root(path.getParent()));
    rebase(parent);
  }

  private void rebase(HeldDir root) throws IOException {
    HeldDir old = base;
    base = root;
    old.close();
    restart();
  }

  private void restart() throws IOException {
    HeldDir old = top;
    top = base.share();
    trail.clear();
    old.close();
  }

  private void prepend(List<String> components) {
    for (int i = components.size() - 1; i >= 0; i--) {
      pending.addFirst(components.get(i));
    }
  }

  private PathEscapeException escape(String reason) {
    return new PathEscapeException(display, null, reason);
  }
}
