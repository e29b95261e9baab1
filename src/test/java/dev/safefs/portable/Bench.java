package dev.safefs.portable;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.Dir;
import dev.safefs.handle.Entry;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.Route;
import dev.safefs.op.Place;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.spi.FileSystemProvider;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A directory of a ground as a confined root. */
final class Bench implements AutoCloseable {
  static final Route ROOT = new Route("/", "/");

  final Path root;
  final PortableEngine engine;
  final Anchor anchor;

  private Bench(Path root, PortableEngine engine, Anchor anchor) {
    this.root = root;
    this.engine = engine;
    this.anchor = anchor;
  }

  static Bench over(Path root) throws IOException {
    return over(root, root.getFileSystem().provider(), LinkPolicy.BENEATH);
  }

  static Bench over(Path root, FileSystemProvider provider, LinkPolicy links) throws IOException {
    return over(root, provider, links, Gaps.REFUSED);
  }

  static Bench over(Path root, FileSystemProvider provider, LinkPolicy links, Gaps gaps)
      throws IOException {
    return over(root, provider, links, gaps, Trait.of(root.getFileSystem()));
  }

  static Bench over(
      Path root, FileSystemProvider provider, LinkPolicy links, Gaps gaps, Set<Trait> traits)
      throws IOException {
    PortableEngine engine = new PortableEngine(provider, root.getFileSystem(), gaps, traits);
    return new Bench(root, engine, engine.confine(root, "the root", links, MountPolicy.CROSS));
  }

  static Route route(String text) {
    return new Route("/" + text, "/" + text);
  }

  static Name name(String text) {
    return Name.of(text);
  }

  /**
   * Returns the text of a path as the face shows it, which begins with a drive where there are
   * drives.
   */
  String shown(String text) {
    Path first = root.getFileSystem().getRootDirectories().iterator().next();
    return first.resolve(text).toString().replace('\\', '/');
  }

  Place place(String text) {
    return place(text, SafeConfig.confined());
  }

  Place place(String text, SafeConfig config) {
    return new Place(anchor, route(text), config);
  }

  Dir dir() throws IOException {
    return anchor.openDir(ROOT, LinkMode.FOLLOW);
  }

  FileHandle open(String text) throws IOException {
    return anchor.open(route(text), LinkMode.NOFOLLOW);
  }

  Path path(String text) {
    return root.resolve(text);
  }

  Path file(String name, String content) throws IOException {
    return Files.writeString(path(name), content);
  }

  Path directory(String name) throws IOException {
    return Files.createDirectory(path(name));
  }

  Path link(String name, String target) throws IOException {
    return Files.createSymbolicLink(path(name), root.getFileSystem().getPath(target));
  }

  String content(String name) throws IOException {
    return Files.readString(path(name));
  }

  List<String> names(String directory) throws IOException {
    try (Stream<Path> entries = Files.list(path(directory))) {
      return List.copyOf(
          new TreeSet<>(entries.map(entry -> entry.getFileName().toString()).toList()));
    }
  }

  List<String> names() throws IOException {
    return names("");
  }

  static List<String> names(Dir dir) throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (Listing listing = dir.list()) {
      for (Optional<Entry> next = listing.next(); next.isPresent(); next = listing.next()) {
        names.add(next.get().name().text());
      }
    }
    return List.copyOf(names);
  }

  @Override
  public void close() throws IOException {
    anchor.close();
  }
}
