package dev.safefs.portable;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** How a file in use is found: by the names of its node, or as a held directory itself. */
final class Location implements Closeable {
  private final Host host;
  private final HeldDir home;
  private final Optional<Name> name;
  private final Node node;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private Location(Host host, HeldDir home, Optional<Name> name, Node node) {
    this.host = host;
    this.home = home;
    this.name = name;
    this.node = node;
  }

  /** Takes over a directory that holds a name. */
  static Location of(Host host, HeldDir dir, Name name, Stat stat) {
    try {
      Node node = host.nodes().seen(WeakKey.inUse(stat), dir.node(), name);
      return new Location(host, dir, Optional.of(name), node);
    } catch (RuntimeException | Error e) {
      Failures.close(dir, e);
      throw e;
    }
  }

  /** Takes over a directory itself. */
  static Location itself(Host host, HeldDir dir) {
    return new Location(host, dir, Optional.empty(), dir.node());
  }

  Node node() {
    return node;
  }

  Location share() {
    return new Location(host, home.share(), name, node);
  }

  /**
   * Reads the attributes, empty if no name leads to the file. Where the delegate counts no links,
   * the names are counted.
   */
  Optional<Stat> stat() throws IOException {
    if (name.isEmpty()) {
      return ofItself();
    }
    Optional<Stat> stat = Optional.empty();
    int found = 0;
    for (Node.Spot spot : node.spots()) {
      Optional<Stat> here = look(spot);
      if (here.isPresent()) {
        stat = here;
        found++;
        if (host.hasView("unix")) {
          return stat;
        }
      }
    }
    int count = found;
    return stat.map(one -> one.withLinkCount(count));
  }

  Optional<Path> currentPath() throws IOException {
    for (Node.Spot spot : node.spots()) {
      if (look(spot).isPresent()) {
        return Optional.of(
            spot.parent().path(host.names()).resolve(host.names().path(spot.name())));
      }
    }
    return name.isEmpty() ? Optional.of(node.path(host.names())) : Optional.empty();
  }

  <T> T at(DelegateFile.Action<T> action) throws IOException {
    if (name.isEmpty()) {
      return action.on(new Where(home, host.names(), name));
    }
    for (Node.Spot spot : node.spots()) {
      Optional<HeldDir> parent = parent(spot);
      if (parent.isPresent()) {
        try (HeldDir dir = parent.get()) {
          if (holds(dir, spot.name())) {
            return checked(dir, spot.name(), action);
          }
        }
      }
    }
    throw new NoSuchFileException("");
  }

  void syncDirectory(String display) throws IOException {
    Failures.run(
        display,
        () -> {
          if (name.isEmpty()) {
            DelegateDir.sync(host, home, display);
            return;
          }
          at(
              where -> {
                try (HeldDir dir = where.dir().enter(where.name().orElseThrow())) {
                  DelegateDir.sync(host, dir, display);
                }
                return where;
              });
        });
  }

  @Override
  public void close() throws IOException {
    if (!isClosed.getAndSet(true)) {
      home.close();
    }
  }

  private <T> T checked(HeldDir dir, Name found, DelegateFile.Action<T> action) throws IOException {
    T result = action.on(new Where(dir, host.names(), Optional.of(found)));
    return Failures.checked(
        result, () -> holds(dir, found), "the file was exchanged or renamed while it was used");
  }

  private Optional<Stat> ofItself() throws IOException {
    try {
      return Optional.of(host.known(home.byPath(host.stats()::read), node));
    } catch (NoSuchFileException | NotDirectoryException | RaceDetectedException e) {
      // Its path leads elsewhere by now; a held directory still tells about itself.
      return home instanceof StreamDir
          ? Optional.of(host.known(host.stats().of(ofView()), node))
          : Optional.empty();
    }
  }

  private BasicFileAttributes ofView() throws IOException {
    Optional<PosixFileAttributeView> posix = home.view(PosixFileAttributeView.class);
    return posix.isPresent()
        ? posix.get().readAttributes()
        : home.view(BasicFileAttributeView.class).orElseThrow().readAttributes();
  }

  private Optional<Stat> look(Node.Spot spot) throws IOException {
    Optional<HeldDir> parent = parent(spot);
    if (parent.isEmpty()) {
      return Optional.empty();
    }
    try (HeldDir dir = parent.get()) {
      return dir.look(spot.name()).filter(this::isThis);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private boolean holds(HeldDir dir, Name which) throws IOException {
    try {
      return dir.look(which).filter(this::isThis).isPresent();
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private boolean isThis(Stat stat) {
    return stat.identity().fileKey() instanceof WeakKey weak
        ? weak.node().filter(node::equals).isPresent()
        : stat.identity().fileKey().equals(node.key());
  }

  /** Opens the directory of a name, to be closed, empty if it is not there any more. */
  private Optional<HeldDir> parent(Node.Spot spot) throws IOException {
    if (spot.parent() == home.node()) {
      return Optional.of(home.share());
    }
    try {
      return Optional.of(host.again(spot.parent()));
    } catch (NoSuchFileException | NotDirectoryException | RaceDetectedException e) {
      return Optional.empty();
    }
  }
}
