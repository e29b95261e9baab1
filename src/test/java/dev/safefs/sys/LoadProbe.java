package dev.safefs.sys;

/** The main class of child JVMs: opens a backend, makes a call, and prints how that went. */
public final class LoadProbe {
  private LoadProbe() {}

  /** Opens what the system property asks for, as SafeFS does. */
  public static void main(String[] args) {
    try {
      Syscalls sys = SyscallsLoader.load();
      int result = sys.openat(Abi.AT_FDCWD, new byte[] {'/', '-', '-', 0}, Abi.O_RDONLY, 0);
      System.out.println("loaded " + Errno.name(-result));
    } catch (SyscallsUnavailableException e) {
      System.out.println("unavailable " + e.getMessage());
    }
  }
}
