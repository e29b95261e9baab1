package dev.safefs.matrix;

import dev.safefs.Requirement;
import dev.safefs.sys.MappedMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.stream.Stream;

/** A file system that was made for a test. Closing it unmounts all and leaves nothing. */
final class Mount implements AutoCloseable {
  private static final int TRIES = 50;

  private final Path room;
  private final String size;
  private final Deque<Path> mounted = new ArrayDeque<>();

  private Mount(Path room, String size) {
    this.room = room;
    this.size = size;
  }

  /** Makes and mounts a small file system. */
  static Mount of(FileSystemKind kind) throws IOException {
    return of(kind, "400M");
  }

  /** Makes and mounts a file system of a size. */
  static Mount of(FileSystemKind kind, String size) throws IOException {
    for (String command : kind.commands()) {
      Requirement.present(Machine.has(command), command);
    }
    Mount mount = new Mount(Files.createTempDirectory("safefs-mount"), size);
    try {
      Files.createDirectory(mount.root());
      kind.mount(mount);
      return mount;
    } catch (IOException | RuntimeException e) {
      mount.close();
      throw e;
    }
  }

  /** Returns the directory that the file system is at. */
  Path root() {
    return room.resolve("root");
  }

  /** Makes a directory beside the root, on the file system of temporary directories. */
  Path beside(String name) throws IOException {
    return Files.createDirectory(room.resolve(name));
  }

  /** Makes an empty image. */
  String image() throws IOException {
    Path image = room.resolve("image");
    Machine.run("truncate", "-s", size, image.toString());
    return image.toString();
  }

  /** Runs mount(8) for a directory. */
  void mount(Path at, String... options) throws IOException {
    String[] command = Stream.concat(Stream.of("mount"), Stream.of(options)).toArray(String[]::new);
    String[] all =
        Stream.concat(Stream.of(command), Stream.of(at.toString())).toArray(String[]::new);
    mounted.push(at);
    Machine.run(all);
  }

  /** Mounts the root once more, with other owners; see {@link MappedMount#bind}. */
  void map(Path at, String owners) throws IOException {
    mounted.push(at);
    MappedMount.bind(root(), at, owners);
  }

  /** Runs a FUSE server that goes to the background. */
  void serve(Path at, String... command) throws IOException {
    mounted.push(at);
    Machine.run(command);
    for (int i = 0; i < TRIES && !isMounted(at); i++) {
      pause();
    }
    if (!isMounted(at)) {
      throw new IOException("not mounted: " + String.join(" ", command));
    }
  }

  @Override
  public void close() throws IOException {
    while (!mounted.isEmpty()) {
      unmount(mounted.pop());
    }
    try (Stream<Path> all = Files.walk(room)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void unmount(Path at) throws IOException {
    for (int i = 0; isMounted(at); i++) {
      try {
        Machine.run("umount", at.toString());
      } catch (IOException e) {
        if (i == TRIES) {
          Machine.run("umount", "-l", at.toString());
          throw e;
        }
        pause();
      }
    }
  }

  private static boolean isMounted(Path at) throws IOException {
    String wanted = " " + at.toRealPath() + " ";
    try (Stream<String> mounts = Files.lines(Path.of("/proc/self/mounts"))) {
      return mounts.anyMatch(line -> line.contains(wanted));
    }
  }

  /** A server of FUSE is another process: nothing but time tells when it is ready, or done. */
  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
