package dev.safefs.sys;

/**
 * The backend over the Foreign Function and Memory API; its base version, for Java 17 to 21, only
 * refuses.
 */
final class FfmBackend {
  private FfmBackend() {}

  /**
   * Opens the backend.
   *
   * @throws SyscallsUnavailableException if the JVM denies native access, or the platform has no
   *     linker
   */
  static Syscalls open() throws SyscallsUnavailableException {
    try {
      return new KernelSyscalls(FfmTrap.link());
    } catch (IllegalCallerException e) {
      throw new SyscallsUnavailableException(
          "ffm: native access is denied ("
              + LoadFailures.summary(e)
              + "); add "
              + LoadFailures.enableNativeAccess(FfmBackend.class.getModule()),
          e);
    } catch (UnsupportedOperationException | LinkageError e) {
      throw new SyscallsUnavailableException(
          "ffm: no native linker here (" + e + "); use -Dsafefs.backend=jnr", e);
    }
  }
}
