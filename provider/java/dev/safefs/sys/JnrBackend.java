package dev.safefs.sys;

import com.kenai.jffi.Invoker;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The backend over JNR, for every Java version. */
final class JnrBackend {
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
    } catch (LinkageError e) {
      boolean missing = e.getCause() instanceof ClassNotFoundException;
      throw new SyscallsUnavailableException(missing ? classesMessage(e) : libraryMessage(e), e);
    }
  }

  /** Returns jffi's logger, switched off. Loggers are forgotten where nobody refers to them. */
  static Logger silencedLog() {
    // By its name: its class would be initialised with it.
    Logger log = Logger.getLogger("com.kenai.jffi.internal.StubLoader");
    try {
      log.setLevel(Level.OFF);
    } catch (SecurityException e) {
      // A security manager of Java 17 may reserve this to others. It goes on as it is set.
    }
    return log;
  }

  private static String classesMessage(LinkageError e) {
    return "jnr: its classes were not found ("
        + LoadFailures.summary(e)
        + "); add jffi 1.4.3 and its 'native' jar to the class path, or on the module path"
        + " --add-modules org.jnrproject.jffi";
  }

  private static String libraryMessage(LinkageError e) {
    String text = "jnr: its native library did not load (" + LoadFailures.summary(e) + ")";
    if (LoadFailures.isNativeAccessDenied(e)) {
      return text + "; add " + LoadFailures.enableNativeAccess(Invoker.class.getModule());
    }
    return text
        + "; if the directory for it is mounted noexec or not writable, name another one by"
        + " -Djffi.extract.dir=/path or -Djava.io.tmpdir=/path";
  }
}
