package dev.safefs.op;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import dev.safefs.SafeConfig;
import dev.safefs.handle.Anchor;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Route;
import dev.safefs.handle.Stat;
import dev.safefs.linux.LinuxEngine;
import dev.safefs.request.CopyRequest;
import dev.safefs.request.LinkMode;
import dev.safefs.request.MoveRequest;
import dev.safefs.sys.Syscalls;
import dev.safefs.sys.SyscallsLoader;
import dev.safefs.sys.SyscallsUnavailableException;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A directory of the machine as a confined root, and what operations are called with. */
final class Scene implements AutoCloseable {
  private static final FileSystem JDK = FileSystems.getDefault();

  final Path root;
  final Anchor anchor;
  final SafeConfig config;

  private Scene(Path root, Anchor anchor, SafeConfig config) {
    this.root = root;
    this.anchor = anchor;
    this.config = config;
  }

  /** Loaded once: each backend keeps native memory. */
  private static final class Kernel {
    static final Syscalls SYS = load();

    private static Syscalls load() {
      try {
        return SyscallsLoader.load();
      } catch (SyscallsUnavailableException e) {
        throw new AssertionError(e);
      }
    }
  }

  static Syscalls kernel() {
    return Kernel.SYS;
  }

  static Scene confined(Path root) throws IOException {
    return confined(root, kernel(), SafeConfig.confined());
  }

  static Scene confined(Path root, Syscalls sys, SafeConfig config) throws IOException {
    LinuxEngine engine = new LinuxEngine(sys, JDK.provider(), JDK);
    Route route = new Route(root.toString(), root.toString());
    return new Scene(root, engine.confine(route, LinkPolicy.BENEATH, MountPolicy.CROSS), config);
  }

  /** The machine's own namespace, with {@code root} as shorthand for {@link #place}. */
  static Scene ambient(Path root) {
    return new Scene(
        root, new LinuxEngine(kernel(), JDK.provider(), JDK).ambient(), SafeConfig.ambient());
  }

  /** Returns the place of a path beneath the root. */
  Place place(String text) {
    String absolute =
        anchor.isConfining() ? "/" + text : text.isEmpty() ? root.toString() : root + "/" + text;
    return new Place(anchor, new Route(absolute, absolute), config);
  }

  void move(String source, String target, CopyOption... options) throws IOException {
    Mover.move(place(source), place(target), MoveRequest.parse(options));
  }

  void copy(String source, String target, CopyOption... options) throws IOException {
    Copier.copy(place(source), place(target), CopyRequest.parse(options));
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
    return Files.createSymbolicLink(path(name), Path.of(target));
  }

  Path fifo(String name) throws IOException {
    run("mkfifo", path(name).toString());
    return path(name);
  }

  String content(String name) throws IOException {
    return Files.readString(path(name));
  }

  Stat stat(String name) throws IOException {
    try (FileHandle file = anchor.open(place(name).route(), LinkMode.NOFOLLOW)) {
      return file.stat();
    }
  }

  /** Returns the names in a directory, sorted. */
  List<String> names(String directory) throws IOException {
    try (Stream<Path> entries = Files.list(path(directory))) {
      return List.copyOf(
          new TreeSet<>(entries.map(entry -> entry.getFileName().toString()).toList()));
    }
  }

  List<String> names() throws IOException {
    return names("");
  }

  static boolean isRoot() {
    return kernel().geteuid() == 0;
  }

  static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("failed: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (anchor.isConfining()) {
      anchor.close();
    }
  }
}
