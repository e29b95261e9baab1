package dev.safefs.sys;

import java.util.ArrayList;
import java.util.List;

/**
 * Opens a backend for {@link Syscalls}: over the Foreign Function and Memory API on Java 22 and
 * later, else over JNR.
 *
 * <p>Nothing native is loaded before {@link #load()} is called, and nothing is cached: the caller
 * keeps what it gets. Loading may itself use the default file system (the JDK and jffi read files),
 * so a default provider must go on serving other calls meanwhile, those of other threads included:
 * one of them may hold a class initialisation lock of the JDK that loading needs.
 */
public final class SyscallsLoader {
  /**
   * The system property that names a backend: {@code ffm} or {@code jnr}. Without it the other one
   * is tried, too.
   */
  public static final String BACKEND_PROPERTY = "safefs.backend";

  private static final String FFM = "ffm";
  private static final String JNR = "jnr";

  private SyscallsLoader() {}

  /**
   * Opens the backend that {@value #BACKEND_PROPERTY} names, or the best there is.
   *
   * @throws SyscallsUnavailableException if there is none; its message gives every cause, and what
   *     to change
   */
  public static Syscalls load() throws SyscallsUnavailableException {
    return load(System.getProperty(BACKEND_PROPERTY, ""));
  }

  /**
   * Opens a backend by name, without reading {@value #BACKEND_PROPERTY}. An interrupt that is
   * pending is put off: jffi unpacks its library through a channel, which that would close, and a
   * class that could not be initialised once never is. <i>Races:</i> one in the middle does so.
   *
   * @param backend {@code ffm}, {@code jnr}, or empty for the best there is
   * @throws SyscallsUnavailableException if it cannot be opened; its message gives the cause, and
   *     what to change
   */
  public static Syscalls load(String backend) throws SyscallsUnavailableException {
    checkPlatform(
        System.getProperty("os.name", "unknown"), System.getProperty("os.arch", "unknown"));
    boolean isInterrupted = Thread.interrupted();
    try {
      return open(backend);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Silences the log of jffi, where that is what will be loaded. To be called before {@link
   * #load()} with no lock held: initialising its class jffi logs, which takes locks of {@code
   * java.util.logging}. Another thread may hold these, and open its log file through the default
   * file system, which waits for the thread that loads.
   *
   * @return what keeps it silent as long as it is reachable
   */
  public static Object silenceLog() {
    String backend = System.getProperty(BACKEND_PROPERTY, "");
    boolean isJnr = backend.isEmpty() ? !FfmBackend.isSupported() : backend.equals(JNR);
    return isJnr ? JnrBackend.silencedLog() : backend;
  }

  private static Syscalls open(String backend) throws SyscallsUnavailableException {
    return switch (backend) {
      case FFM -> FfmBackend.open();
      case JNR -> JnrBackend.open();
      case "" -> loadBest();
      default ->
          throw new SyscallsUnavailableException(
              BACKEND_PROPERTY + " is '" + backend + "'; it may be ffm or jnr, or left out");
    };
  }

  /** Refuses a platform whose system calls SafeFS does not know. */
  static void checkPlatform(String osName, String osArch) throws SyscallsUnavailableException {
    if (!osName.equals("Linux")) {
      throw new SyscallsUnavailableException(
          "os.name is '" + osName + "'; native system calls need Linux");
    }
    if (Cpu.of(osArch) == Cpu.UNKNOWN) {
      throw new SyscallsUnavailableException(
          "os.arch is '" + osArch + "'; native system calls are known for amd64 and aarch64 only");
    }
  }

  private static Syscalls loadBest() throws SyscallsUnavailableException {
    List<SyscallsUnavailableException> failures = new ArrayList<>();
    if (FfmBackend.isSupported()) {
      try {
        return FfmBackend.open();
      } catch (SyscallsUnavailableException e) {
        failures.add(e);
      }
    }
    try {
      return JnrBackend.open();
    } catch (SyscallsUnavailableException e) {
      failures.forEach(e::addSuppressed);
      failures.add(e);
      throw failures.size() == 1 ? e : new SyscallsUnavailableException(messages(failures), e);
    }
  }

  private static String messages(List<SyscallsUnavailableException> failures) {
    return String.join("\n", failures.stream().map(Throwable::getMessage).toList());
  }
}
