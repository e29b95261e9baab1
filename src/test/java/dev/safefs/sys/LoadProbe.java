package dev.safefs.sys;

/**
 * The main class of child JVMs: opens a backend, interrupted if a system property says so, makes a
 * call, and prints how that went.
 */
public final class LoadProbe {
  /** The system property. */
  static final String INTERRUPTED = "probe.interrupted";

  private LoadProbe() {}

  /** Opens what the argument names, or else what the system property asks for, as SafeFS does. */
  public static void main(String[] args) {
    if (Boolean.getBoolean(INTERRUPTED)) {
      Thread.currentThread().interrupt();
    }
    try {
      Syscalls sys = args.length > 0 ? SyscallsLoader.load(args[0]) : SyscallsLoader.load();
      int result = sys.openat(Abi.AT_FDCWD, new byte[] {'/', '-', '-', 0}, Abi.O_RDONLY, 0);
      String how = Thread.interrupted() ? " interrupted" : "";
      System.out.println("loaded " + Errno.name(-result) + how);
    } catch (SyscallsUnavailableException e) {
      System.out.println("unavailable " + e.getMessage());
    }
  }
}
