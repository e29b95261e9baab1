package dev.safefs.portable;

import java.nio.file.FileSystemException;

/** Asked where a delegate replaces a name only by removing it first. */
@FunctionalInterface
public interface Gaps {
  /** The rename is not supported. */
  Gaps REFUSED =
      path -> {
        throw new NonAtomicException();
      };

  /**
   * Accepts that a name is missing for an instant, and lost if the machine stops then, and makes a
   * record of it.
   *
   * @param path the user's path
   * @throws FileSystemException if it is not accepted
   */
  void accept(String path) throws FileSystemException;
}
