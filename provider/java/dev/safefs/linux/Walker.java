package dev.safefs.linux;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.PathEscapeException;
import dev.safefs.handle.FileType;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Errno;
import dev.safefs.sys.Structs;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * One walk beneath a root, component by component over descriptors, with the outcomes of
 * openat2(2): where that is missing, denied, exhausted, or the path too long for it. Links are read
 * and walked here, never by the kernel, and {@code ..} is the directory the walk came from.
 */
final class Walker implements AutoCloseable {
  private static final int LINK_BUDGET = 40;
  private static final int ITSELF = Abi.O_PATH | Abi.O_NOFOLLOW | Abi.O_CLOEXEC;
  private static final int DIRECTORY = ITSELF | Abi.O_DIRECTORY;

  /** Stands for a trailing separator: what is before it must be a directory. */
  private static final String TRAILING = "";

  private final Host host;
  private final LinkPolicy links;
  private final MountPolicy mounts;
  private final Fd root;
  private final Goal goal;
  private final String display;
  private final Trail trail;
  private final MountBoundary boundary;
  private final Deque<String> pending = new ArrayDeque<>();
  private int followed;

  /** What a walk ended at, and its absolute text without links. */
  record Found(Fd fd, String text) {}

  private Walker(BeneathResolution beneath, Goal goal, String display) {
    this.host = beneath.host();
    this.root = beneath.base();
    this.links = beneath.links();
    this.mounts = beneath.mounts();
    this.goal = goal;
    this.display = display;
    this.trail = new Trail(root);
    this.boundary = new MountBoundary(host, root);
  }

  /** Opens what a text leads to beneath a root. */
  static Found walk(BeneathResolution beneath, String text, Goal goal, String display)
      throws IOException {
    try (Walker walker = new Walker(beneath, goal, display)) {
      walker.prepend(BeneathResolution.beneath(text));
      return walker.run();
    }
  }

  @Override
  public void close() {
    trail.close();
  }

  private Found run() throws IOException {
    while (!pending.isEmpty()) {
      String component = pending.removeFirst();
      switch (component) {
        case TRAILING -> {}
        case "." -> search();
        case ".." -> up();
        default -> {
          if (!pending.isEmpty() || (goal.isDirectory() && goal.followsLast())) {
            down(component);
          } else {
            Optional<Fd> end = end(component);
            if (end.isPresent()) {
              return new Found(end.get(), trail.text(component));
            }
          }
        }
      }
    }
    String text = trail.text("");
    return new Found(trail.isAtRoot() ? host.duplicate(root, display) : trail.detach(), text);
  }

  /** Enters a directory, or follows a link that may lead to one. */
  private void down(String name) throws IOException {
    int result = openat(trail.top(), name, DIRECTORY);
    if (result >= 0) {
      trail.push(name, sameMount(host.own(result)));
      return;
    }
    if (result != -Errno.ENOTDIR && result != -Errno.ELOOP) {
      throw goal.exception("openat", result, display);
    }
    Fd object = open(trail.top(), name, ITSELF);
    try {
      byte[] statx = examine(object);
      if (StatxReader.type(statx) != FileType.SYMLINK) {
        throw goal.exception("openat", -Errno.ENOTDIR, display);
      }
      follow(object, statx);
    } finally {
      object.close();
    }
  }

  /** Opens the last component, or follows it if it is a link to be followed. */
  private Optional<Fd> end(String name) throws IOException {
    Fd object = open(trail.top(), name, goal.isDirectory() ? DIRECTORY : ITSELF);
    boolean kept = false;
    try {
      if (goal.followsLast() || mounts == MountPolicy.STAY) {
        byte[] statx = examine(object);
        if (goal.followsLast() && StatxReader.type(statx) == FileType.SYMLINK) {
          follow(object, statx);
          return Optional.empty();
        }
      }
      kept = true;
      return Optional.of(object);
    } finally {
      if (!kept) {
        object.close();
      }
    }
  }

  private void up() throws IOException {
    search();
    if (!trail.isAtRoot()) {
      trail.pop((dir, name) -> sameMount(open(dir, name, DIRECTORY)));
    } else if (links != LinkPolicy.IN_ROOT) {
      throw BeneathResolution.escape("openat", -Errno.EXDEV, display);
    }
  }

  /** Checks the right to search where the walk is, as {@code .} and {@code ..} need it. */
  private void search() throws IOException {
    open(trail.top(), ".", DIRECTORY).close();
  }

  private void follow(Fd link, byte[] statx) throws IOException {
    if (links == LinkPolicy.REFUSE) {
      throw BeneathResolution.refusedLink("openat", -Errno.ELOOP, display);
    }
    if (++followed > LINK_BUDGET) {
      throw goal.exception("openat", -Errno.ELOOP, display);
    }
    new StickyDirectory(host, trail.top(), display).checkMayFollow(Structs.statxUid(statx));
    String target = SymbolicLink.read(host.sys(), link, display);
    checkFileSystem(link, target);
    if (target.startsWith("/")) {
      if (links != LinkPolicy.IN_ROOT) {
        throw BeneathResolution.escape("openat", -Errno.EXDEV, display);
      }
      trail.reset();
    }
    prepend(target);
  }

  /**
   * Refuses what only looks like a link: procfs's magic ones lead anywhere, whatever their text
   * says.
   */
  private void checkFileSystem(Fd link, String target) throws IOException {
    byte[] statfs = SymbolicLink.checkFollowed(host.sys(), link, display);
    boolean isProc = Structs.statfsType(statfs) == Abi.PROC_SUPER_MAGIC;
    if (isProc && (target.startsWith("/") || target.indexOf(':') >= 0)) {
      throw new PathEscapeException(
          display, null, Errnos.reason("openat", -Errno.ELOOP) + ": a magic link of procfs");
    }
  }

  private void prepend(String text) {
    if (text.endsWith("/")) {
      pending.addFirst(TRAILING);
    }
    String[] components = text.split("/", -1);
    for (int i = components.length - 1; i >= 0; i--) {
      if (!components[i].isEmpty()) {
        pending.addFirst(components[i]);
      }
    }
  }

  private Fd sameMount(Fd dir) throws IOException {
    if (mounts == MountPolicy.STAY) {
      try {
        examine(dir);
      } catch (IOException | RuntimeException | Error e) {
        dir.close();
        throw e;
      }
    }
    return dir;
  }

  /**
   * Reads an object's attributes, and refuses it on another mount if the walk is to stay on one.
   */
  private byte[] examine(Fd object) throws IOException {
    byte[] statx = StatxReader.require(host.sys(), object, display);
    if (mounts == MountPolicy.STAY) {
      boundary.check(object, statx, display);
    }
    return statx;
  }

  private Fd open(Fd dir, String name, int flags) throws IOException {
    int result = openat(dir, name, flags);
    if (result < 0) {
      throw goal.exception("openat", result, display);
    }
    return host.own(result);
  }

  private int openat(Fd dir, String name, int flags) throws IOException {
    byte[] path = CString.of(name);
    return dir.call(n -> host.sys().openat(n, path, flags, 0));
  }
}
