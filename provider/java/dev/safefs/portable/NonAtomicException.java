package dev.safefs.portable;

import java.nio.file.FileSystemException;

/** The delegate cannot replace a name in one step. Never leaves the package. */
final class NonAtomicException extends FileSystemException {
  private static final long serialVersionUID = 1L;

  NonAtomicException() {
    super(null, null, "no atomic replacement");
  }
}
