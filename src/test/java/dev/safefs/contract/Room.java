package dev.safefs.contract;

import dev.safefs.InMemory;
import dev.safefs.JdkPaths;
import dev.safefs.portable.Ground;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An empty directory for twin trees, on what a row lies over.
 *
 * @param work the directory, never of SafeFS
 * @param ground what it is on, or empty for the machine
 */
record Room(Path work, Optional<Ground> ground) implements AutoCloseable {

  /** Makes a room on a file system of the machine, that of the JDK's provider. */
  static Room ofMachine() throws IOException {
    Path place = Path.of(System.getProperty("safefs.contract.dir", InMemory.place().toString()));
    Path work = Files.createTempDirectory(JdkPaths.of(place), "safefs-contract");
    return new Room(work, Optional.empty());
  }

  /** Makes a room on a delegate. */
  static Room on(Ground ground) throws IOException {
    return new Room(ground.open(), Optional.of(ground));
  }

  /** Tells whether the delegate is the JDK's provider, so that it is its own reference. */
  boolean isOfJdk() {
    return work.getFileSystem() == JdkPaths.of(Path.of("")).getFileSystem();
  }

  @Override
  public void close() throws IOException {
    Tree.remove(work);
    if (ground.isPresent() && !isOfJdk()) {
      work.getFileSystem().close();
    }
  }
}
