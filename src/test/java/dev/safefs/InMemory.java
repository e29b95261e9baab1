package dev.safefs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Temporary directories on tmpfs where there is one: for tests that sync thousands of files and are
 * not about the disk.
 */
public final class InMemory implements TempDirFactory {
  private static final Path SHARED = Path.of("/dev/shm");

  /**
   * Returns where the directories are made.
   *
   * @return a tmpfs, or the temporary directory
   */
  public static Path place() {
    return Files.isDirectory(SHARED) && Files.isWritable(SHARED)
        ? SHARED
        : Path.of(System.getProperty("java.io.tmpdir"));
  }

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext extension)
      throws IOException {
    return Files.createTempDirectory(place(), "safefs");
  }
}
