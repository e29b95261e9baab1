package dev.safefs.portable;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Engine;
import dev.safefs.handle.Route;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.Optional;
import java.util.Set;

/**
 * The engine over any file system provider. Directories are held open where the provider has secure
 * directory streams; else their paths are used, and compared with what they led to before. {@link
 * #holds} tells which.
 */
public final class PortableEngine implements Engine {
  private final Host host;

  /**
   * Creates the engine.
   *
   * @param provider what serves the calls
   * @param fileSystem one of its file systems
   * @param gaps what to do where it has no atomic replacement
   */
  public PortableEngine(FileSystemProvider provider, FileSystem fileSystem, Gaps gaps) {
    this(provider, fileSystem, gaps, Trait.of(fileSystem));
  }

  PortableEngine(FileSystemProvider provider, FileSystem fileSystem, Gaps gaps, Set<Trait> traits) {
    this.host = Host.of(provider, fileSystem, traits, gaps);
  }

  @Override
  public Anchor ambient() {
    return new DelegateAnchor(whole());
  }

  @Override
  public Anchor confine(Route root, LinkPolicy links, MountPolicy mounts) throws IOException {
    HeldDir dir = Walker.walk(whole(), root.text(), Walker.Goal.DIRECTORY, root.display()).dir();
    return confined(dir, root.display(), links, mounts);
  }

  /**
   * Opens a directory as a confining anchor.
   *
   * @param root the directory, of the engine's file system; links are followed
   * @param display what messages show for it
   * @param links what symbolic links may do
   * @param mounts whether mounts may be crossed
   * @return the anchor, to be closed
   * @throws IOException if it cannot be opened or is no directory
   */
  public Anchor confine(Path root, String display, LinkPolicy links, MountPolicy mounts)
      throws IOException {
    HeldDir dir = Failures.shown(display, () -> host.root(root));
    return confined(dir, display, links, mounts);
  }

  /**
   * Tells how directories are kept.
   *
   * @param anchor of this engine, confining
   * @return whether a race on the way to a name is prevented, or only detected
   */
  public Hold holds(Anchor anchor) {
    return anchor instanceof DelegateAnchor delegate ? delegate.hold() : Hold.BY_PATH;
  }

  /**
   * Returns what the delegate may have.
   *
   * @return as known at the moment
   */
  public DelegateCapabilities capabilities() {
    return host.capabilities();
  }

  private Anchor confined(HeldDir dir, String display, LinkPolicy links, MountPolicy mounts)
      throws IOException {
    try {
      MountBoundary boundary =
          Failures.shown(display, () -> MountBoundary.of(host, mounts, dir, display));
      return new DelegateAnchor(
          new Bounds(host, Optional.of(dir), links, boundary, Bounds.Confining.BENEATH));
    } catch (IOException | RuntimeException | Error e) {
      Failures.close(dir, e);
      throw e;
    }
  }

  private Bounds whole() {
    return new Bounds(
        host,
        Optional.empty(),
        LinkPolicy.BENEATH,
        MountBoundary.none(host),
        Bounds.Confining.AMBIENT);
  }
}
