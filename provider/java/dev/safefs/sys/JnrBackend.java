package dev.safefs.sys;

/** The backend over JNR, for every Java version. */
final class JnrBackend {
  private static final String MODULE = "org.jnrproject.jffi";

  private JnrBackend() {}

  /**
   * Opens the backend: unpacks and loads jffi's library.
   *
   * @throws SyscallsUnavailableException if JNR's classes are missing, or its library cannot be
   *     loaded
   */
  static Syscalls open() throws SyscallsUnavailableException {
    try {
      return new KernelSyscalls(new JnrTrap.Function());
    } catch (UnsatisfiedLinkError e) {
      throw new SyscallsUnavailableException(libraryMessage(e), e);
    } catch (LinkageError e) {
      throw new SyscallsUnavailableException(classesMessage(e), e);
    }
  }

  private static String libraryMessage(UnsatisfiedLinkError e) {
    String text = "jnr: its native library did not load (" + LoadFailures.summary(e) + ")";
    if (LoadFailures.isNativeAccessDenied(e)) {
      return text
        + "; if the directory for it is mounted noexec or not writable, name another one by"
        + " -Djffi.extract.dir=/path or -Djava.io.tmpdir=/path";
  }

  private static String classesMessage(LinkageError e) {
    return "jnr: its classes were not found ("
        + e
        + "); add jffi 1.4.3 and its 'native' jar to the class path, or on the module path"
        + " --add-modules "
        + MODULE;
  }
}
