package dev.safefs.sys;

/**
 * The backend over the Foreign Function and Memory API, as Java 17 to 21 see it: absent.
 *
 * <p>A class of the same name and methods in {@code META-INF/versions/22} opens it.
 */
final class FfmBackend {
  private FfmBackend() {}

  /** Opens the backend. */
  static Syscalls open() throws SyscallsUnavailableException {
    throw new SyscallsUnavailableException(
        "ffm: it needs Java 22 or later (this is "
            + Runtime.version().feature()
            + ") and SafeFS's multi-release jar");
  }
}
