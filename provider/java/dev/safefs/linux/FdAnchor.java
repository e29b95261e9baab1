package dev.safefs.linux;

import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Route;
import dev.safefs.handle.Shown;
import dev.safefs.handle.Stat;
import dev.safefs.request.LinkMode;
import dev.safefs.sys.Abi;
import dev.safefs.sys.Structs;
import java.io.IOException;

/** An anchor that is a directory's descriptor, or the working directory. */
final class FdAnchor implements Anchor {
  private final Host host;
  private final Resolution resolution;

  FdAnchor(Host host, Resolution resolution) {
    this.host = host;
    this.resolution = resolution;
  }

  @Override
  public ParentRef parent(Route route) throws IOException {
    Name name = route.name();
    Fd dir = resolution.open(route.parentText(), Goal.PARENT, route.display());
    return new ParentRef(
        dir(dir, Shown.parentOf(route, name, route.display().lastIndexOf('/'))), name);
  }

  @Override
  public FileHandle open(Route route, LinkMode links) throws IOException {
    Fd object = resolution.open(route.text(), Goal.object(links), route.display());
    return FdFile.forResolution(host, object, route.display());
  }

  @Override
  public Dir openDir(Route route, LinkMode links) throws IOException {
    Fd dir = resolution.open(route.text(), Goal.directory(links), route.display());
    return dir(dir, Shown.directory(route.display()));
  }

  @Override
  public Dir self(String display) throws IOException {
    return dir(host.duplicate(resolution.base(), display), Shown.directory(display));
  }

  /** Needs no descriptor besides the listing's own. */
  @Override
  public Listing list(String display) throws IOException {
    return dir(resolution.base(), Shown.directory(display)).list();
  }

  @Override
  public Anchor anchor(Route route, LinkMode links) throws IOException {
    Fd dir = resolution.open(route.text(), Goal.directory(links), route.display());
    return new FdAnchor(host, resolution.at(dir));
  }

  @Override
  public Anchor view(Route route, LinkMode links) throws IOException {
    Fd dir = resolution.open(route.text(), Goal.directory(links), route.display());
    return new FdAnchor(host, resolution.viewOf(dir));
  }

  @Override
  public String realText(FileHandle file, Route route) throws IOException {
    return new RealText(host, resolution, route).of(((FdFile) file).fd());
  }

  @Override
  public LinkText checkMayFollow(Dir dir, Stat link, String display) throws IOException {
    Fd fd = ((FdDir) dir).fd();
    byte[] statfs = SymbolicLink.checkFollowed(host.sys(), fd, display);
    new StickyDirectory(host, fd, display).checkMayFollow(link.owner());
    boolean isProcfs = Structs.statfsType(statfs) == Abi.PROC_SUPER_MAGIC;
    return isProcfs ? LinkText.DESCRIPTION : LinkText.PATH;
  }

  @Override
  public void checkMayTake(Dir dir, Stat file, String display) throws IOException {
    new StickyDirectory(host, ((FdDir) dir).fd(), display).checkMayTake(file);
  }

  @Override
  public boolean isConfining() {
    return resolution.isConfining();
  }

  @Override
  public void close() {
    resolution.base().close();
  }

  private FdDir dir(Fd fd, Shown shown) {
    return new FdDir(host, fd, shown, resolution.mounts());
  }
}
