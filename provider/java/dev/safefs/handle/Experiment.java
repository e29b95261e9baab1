package dev.safefs.handle;

import java.io.IOException;

/** Finds out about a mount by trying, where it does not say what it can do. */
@FunctionalInterface
public interface Experiment {

  /**
   * Tries.
   *
   * @return whether the mount has what was looked for
   * @throws IOException if that could not be found out
   */
  boolean succeeds() throws IOException;
}
