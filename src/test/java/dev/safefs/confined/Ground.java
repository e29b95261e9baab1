package dev.safefs.confined;

import dev.safefs.JdkPaths;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A directory to be confined to, and one beside it that nobody may reach. Handled by the JDK's
 * provider.
 *
 * @param host the root
 * @param outside a directory with a file {@code secret}
 */
record Ground(Path host, Path outside) {
  /** In the name of the root, so that it is found in texts. */
  static final String TELLING = "a-telling-name";

  static final String SECRET = "secret";

  static Ground plant(Path temporary) throws IOException {
    Path work = JdkPaths.of(temporary).toRealPath();
    Path host = Files.createDirectory(work.resolve(TELLING));
    Path outside = Files.createDirectory(work.resolve("outside"));
    Files.writeString(outside.resolve("secret"), SECRET);
    return new Ground(host, outside);
  }

  /** Makes a directory beneath the root with a file {@code file} in it. */
  Path directory(String name) throws IOException {
    Path directory = Files.createDirectories(host.resolve(name));
    Files.writeString(directory.resolve("file"), name);
    return directory;
  }

  void link(String name, String target) throws IOException {
    Files.createSymbolicLink(host.resolve(name), host.getFileSystem().getPath(target));
  }

  /** Opens the confined file system, registered. */
  FileSystem open(Map<String, ?> env) throws IOException {
    return FileSystems.newFileSystem(URI.create(rootUri()), env);
  }

  String rootUri() {
    return "safe://" + host.toUri().getRawPath().replaceAll("/$", "");
  }

  /** Returns all that is outside the root, with times, so that a change is seen. */
  String outsideState() throws IOException {
    StringBuilder state = new StringBuilder();
    for (Path root : new Path[] {outside, host.getParent()}) {
      try (var entries = Files.list(root)) {
        for (Path entry : entries.sorted().toList()) {
          boolean isFile = Files.isRegularFile(entry);
          state.append(root.getParent().relativize(entry));
          state.append(
              isFile
                  ? Files.readAttributes(entry, "unix:*")
                          .toString()
                          .replaceAll("lastAccessTime=[^,}]*", "")
                      + Files.readString(entry)
                  : "");
          state.append('\n');
        }
      }
    }
    return state.toString();
  }

  /** Removes whatever has a name, if anything has. */
  static void remove(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (var entries = Files.list(path)) {
        for (Path entry : entries.toList()) {
          remove(entry);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  /** Runs a command that must succeed. */
  static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("failed: " + String.join(" ", command));
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  static boolean isRoot() throws IOException {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
  }
}
