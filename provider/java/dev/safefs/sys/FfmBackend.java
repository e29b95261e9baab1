package dev.safefs.sys;

import java.util.function.Supplier;

/**
 * The backend over the Foreign Function and Memory API, for Java 22 and later.
 *
 * <p>Its classes are of that class file version, but lie beside this one, not beneath {@code
 * META-INF/versions}: a jar appended to the boot class path is not a multi-release one. So nothing
 * may refer to them statically.
 */
final class FfmBackend {
  private static final String TRAPS = "dev.safefs.sys.FfmTraps";
  private static final int FIRST_JAVA = 22;

  private FfmBackend() {}

  /** Tells whether this JVM has the API. */
  static boolean isSupported() {
    return Runtime.version().feature() >= FIRST_JAVA;
  }

  /**
   * Opens the backend.
   *
   * @throws SyscallsUnavailableException if this Java is too old, the JVM denies native access, or
   *     the platform has no linker
   */
  static Syscalls open() throws SyscallsUnavailableException {
    if (!isSupported()) {
      throw new SyscallsUnavailableException(
          "ffm: it needs Java 22 or later, this is " + Runtime.version().feature());
    }
    try {
      return new KernelSyscalls((Trap.Factory) traps().get());
    } catch (ReflectiveOperationException e) {
      throw new SyscallsUnavailableException(
          "ffm: this SafeFS was built on a Java before 22, which leaves it out", e);
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

  private static Supplier<?> traps() throws ReflectiveOperationException {
    return (Supplier<?>) Class.forName(TRAPS).getDeclaredConstructor().newInstance();
  }
}
