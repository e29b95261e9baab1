package dev.safefs.portable;

import dev.safefs.PathEscapeException;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.handle.Shown;
import dev.safefs.handle.Stat;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.ClosedFileSystemException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** A directory of a delegate that routes are kept beneath, or the delegate's whole namespace. */
final class DelegateAnchor implements Anchor {
  private static final String SELF = ".";

  private final Host host;
  private final Bounds bounds;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  DelegateAnchor(Bounds bounds) {
    this.host = bounds.host();
    this.bounds = bounds;
  }

  @Override
  public ParentRef parent(Route route) throws IOException {
    checkOpen();
    Name name = route.name();
    HeldDir dir =
        Walker.walk(bounds, route.parentText(), Walker.Goal.PARENT, route.display()).dir();
    String display = route.display();
    int slash = Math.max(display.lastIndexOf('/'), display.lastIndexOf('\\'));
    Shown shown = Shown.parentOf(route, name, slash);
    return new ParentRef(new DelegateDir(host, dir, shown, bounds.mounts()), name);
  }

  @Override
  public FileHandle open(Route route, LinkMode links) throws IOException {
    checkOpen();
    Walker.Goal goal = links == LinkMode.FOLLOW ? Walker.Goal.OBJECT : Walker.Goal.OBJECT_ITSELF;
    Walker.Found found = Walker.walk(bounds, route.text(), goal, route.display());
    if (found.entry().isEmpty()) {
      return Failures.shown(
          route.display(), () -> DelegateFile.directory(host, found.dir(), route.display()));
    }
    Walker.Entry entry = found.entry().get();
    return DelegateFile.named(host, found.dir(), entry.name(), entry.stat(), route.display());
  }

  @Override
  public Dir openDir(Route route, LinkMode links) throws IOException {
    return new DelegateDir(
        host, directory(route, links), Shown.directory(route.display()), bounds.mounts());
  }

  @Override
  public Dir self(String display) throws IOException {
    return openDir(new Route(SELF, display), LinkMode.NOFOLLOW);
  }

  @Override
  public Anchor anchor(Route route, LinkMode links) throws IOException {
    return new DelegateAnchor(bounds.at(directory(route, links)));
  }

  @Override
  public Anchor view(Route route, LinkMode links) throws IOException {
    return new DelegateAnchor(bounds.viewOf(directory(route, links)));
  }

  @Override
  public String realText(FileHandle file, Route route) throws IOException {
    checkOpen();
    return Failures.shown(
        route.display(),
        () -> {
          Path real =
              ((DelegateFile) file)
                  .currentPath()
                  .orElseThrow(() -> new NoSuchFileException(route.display()))
                  .toRealPath(LinkOption.NOFOLLOW_LINKS);
          return bounds.isConfining() ? beneath(real, route) : host.names().text(real);
        });
  }

  @Override
  public LinkText checkMayFollow(Dir dir, Stat link, String display) throws IOException {
    new StickyDirectory(host, ((DelegateDir) dir).held(), display).checkMayFollow(link);
    return LinkText.PATH;
  }

  @Override
  public void checkMayTake(Dir dir, Stat file, String display) throws IOException {
    new StickyDirectory(host, ((DelegateDir) dir).held(), display).checkMayTake(file);
  }

  @Override
  public ParentRef listed(ParentRef parent) throws IOException {
    HeldDir dir = ((DelegateDir) parent.dir()).held();
    return Failures.shown(
        parent.display(),
        () -> {
          Name name = host.names().checked(parent.name());
          return new ParentRef(parent.dir(), Respelling.listed(host, dir, name));
        });
  }

  @Override
  public String linkText(String target) {
    if (host.fileSystem().getSeparator().equals("/")) {
      return target;
    }
    Path path = host.names().raw(target);
    if (path.getRoot() == null) {
      return target;
    }
    return bounds.isConfining()
        ? "/" + String.join("/", host.names().components(path))
        : Bounds.linkText(target);
  }

  @Override
  public boolean isConfining() {
    return bounds.isConfining();
  }

  @Override
  public void close() throws IOException {
    if (bounds.held().isPresent() && !isClosed.getAndSet(true)) {
      bounds.held().get().close();
    }
  }

  Host host() {
    return host;
  }

  /** Returns how the root is kept. */
  Hold hold() {
    return bounds.held().filter(StreamDir.class::isInstance).isPresent() ? Hold.OPEN : Hold.BY_PATH;
  }

  private String beneath(Path real, Route route) throws IOException {
    Path root = bounds.root().node().path(host.names()).toRealPath();
    if (!real.startsWith(root)) {
      throw new PathEscapeException(route.display(), null, "not beneath the root any more");
    }
    return host.names().top() + (real.equals(root) ? "" : host.names().text(root.relativize(real)));
  }

  private HeldDir directory(Route route, LinkMode links) throws IOException {
    checkOpen();
    Walker.Goal goal =
        links == LinkMode.FOLLOW ? Walker.Goal.DIRECTORY : Walker.Goal.DIRECTORY_ITSELF;
    return Walker.walk(bounds, route.text(), goal, route.display()).dir();
  }

  private void checkOpen() {
    if (isClosed.get()) {
      throw new ClosedFileSystemException();
    }
  }
}
