package dev.safefs.contract;

import dev.safefs.JdkPaths;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A row of the matrix: one way in which a program gets to SafeFS. Each contract class runs on each row. */
public enum Row {
  /** Paths of {@code safe:///}. */
  AMBIENT {
    @Override
    Mounted mount(Path hostRoot) {
      return new Mounted(Path.of(URI.create("safe://" + hostRoot.toUri().getRawPath())), () -> {});
    }
  },
  /** Paths of a file system confined to the directory. */
  CONFINED {
    @Override
    Mounted mount(Path hostRoot) throws IOException {
      FileSystem safe = FileSystems.newFileSystem(URI.create("safe://" + hostRoot.toUri().getRawPath()), Map.of());
      return new Mounted(safe.getPath("/"), safe);
    }
  },
  /** Paths of the default file system, where SafeFS is the default provider. */
  INSTALLED {
    @Override
    Mounted mount(Path hostRoot) {
      return new Mounted(Path.of(hostRoot.toString()), () -> {});
    }
  };

  /** Returns the rows that this virtual machine has. */
  static List<Row> here() {
    return JdkPaths.isInstalled() ? List.of(values()) : List.of(AMBIENT, CONFINED);
  }

  /**
   * Returns a directory as this row's programs see it.
   *
   * @param hostRoot the directory, on the JDK's provider
   */
  abstract Mounted mount(Path hostRoot) throws IOException;

  /**
   * A directory as a program sees it.
   *
   * @param root its path on SafeFS
   * @param lease closes what was opened for it
   */
  record Mounted(Path root, AutoCloseable lease) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try {
        lease.close();
      } catch (IOException | RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }
}
