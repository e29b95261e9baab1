package dev.safefs.portable;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Identity;
import dev.safefs.handle.Name;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Set;

/**
 * A delegate with what is known of it.
 *
 * @param provider it
 * @param fileSystem the one of its file systems that is used
 * @param traits what its source says
 * @param gaps what to do where it has no atomic replacement
 * @param names the conversion of names
 * @param nodes the files in use
 * @param stats the reading of attributes
 * @param capabilities what it was seen not to have
 * @param patience with files that are open elsewhere
 */
record Host(
    FileSystemProvider provider,
    FileSystem fileSystem,
    Set<Trait> traits,
    Gaps gaps,
    Names names,
    Nodes nodes,
    StatReader stats,
    DelegateCapabilities capabilities,
    Patience patience) {

  static Host of(FileSystemProvider provider, FileSystem fileSystem, Set<Trait> traits, Gaps gaps) {
    Names names = new Names(fileSystem, traits);
    return new Host(
        provider,
        fileSystem,
        traits,
        gaps,
        names,
        new Nodes(provider, names),
        new StatReader(provider, fileSystem),
        new DelegateCapabilities(traits),
        new Patience(traits));
  }

  boolean hasView(String name) {
    return fileSystem.supportedFileAttributeViews().contains(name);
  }

  /** Tells whether one call of the delegate can take paths of both. */
  boolean sharesFileSystemWith(Host other) {
    return fileSystem == other.fileSystem;
  }

  /** Returns what the kernel beneath the delegate says of itself. */
  Procfs procfs() {
    return new Procfs(provider, fileSystem);
  }

  boolean movesExclusively() {
    return traits.contains(Trait.EXCLUSIVE_MOVE);
  }

  /** Returns the attributes of what was seen under a name, with what tells it from its like. */
  Stat seen(Stat stat, Node parent, Name name) {
    return stat.identity().fileKey() instanceof WeakKey
        ? known(stat, nodes.seen(WeakKey.inUse(stat), parent, name))
        : stat;
  }

  /** Returns the attributes of a file in use. */
  Stat known(Stat stat, Node file) {
    return stat.identity().fileKey() instanceof WeakKey weak
        ? stat.withIdentity(new Identity(weak.of(file), fileSystem))
        : stat;
  }

  /** Opens the directory at a path, following links. */
  HeldDir root(Path path) throws IOException {
    Path real = path.toRealPath();
    return hold(Node.root(new Object(), real), real);
  }

  /** Opens a directory in another one by its path, without following a link. */
  HeldDir child(Node parent, Name name, Path path) throws IOException {
    Stat stat = stats.read(path);
    if (stat.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException(name.text());
    }
    return new PathDir(this, nodes.seen(WeakKey.inUse(stat), parent, name));
  }

  /** Opens a directory in use by its path once more. */
  HeldDir again(Node node) throws IOException {
    HeldDir dir = hold(node, node.path(names));
    if (!dir.node().key().equals(node.key())) {
      dir.close();
      throw new NoSuchFileException("");
    }
    return dir;
  }

  private HeldDir hold(Node where, Path path) throws IOException {
    Stat stat = stats.read(path);
    if (stat.type() != FileType.DIRECTORY) {
      throw new NotDirectoryException("");
    }
    DirectoryStream<Path> stream = provider.newDirectoryStream(path, entry -> true);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      try {
        BasicFileAttributeView view = secure.getFileAttributeView(BasicFileAttributeView.class);
        Object key = WeakKey.inUse(stats.of(view.readAttributes()));
        return new StreamDir(this, rekeyed(where, key, path), secure);
      } catch (IOException | RuntimeException | Error e) {
        Failures.close(stream, e);
        throw e;
      }
    }
    stream.close();
    return new PathDir(this, rekeyed(where, WeakKey.inUse(stat), path));
  }

  private Node rekeyed(Node where, Object key, Path path) {
    return where.key().equals(key) ? where : nodes.root(key, path);
  }
}
