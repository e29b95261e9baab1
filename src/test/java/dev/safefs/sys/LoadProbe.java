package dev.safefs.sys;

/** The main class of child JVMs: opens a backend, makes a call, and prints how that went. */
public final class LoadProbe {
  private LoadProbe() {}

  /** Opens what the argument names, or else what the system property asks for, as SafeFS does. */
  public static void main(String[] args) {
    try {
      Syscalls sys = args.length > 0 ? SyscallsLoader.load(args[0]) : SyscallsLoader.load();
      int result = sys.openat(Abi.AT_FDCWD, new byte[] {'/', '-', '-', 0}, Abi.O_RDONLY, 0);
      System.out.println("loaded " + Errno.name(-result));
    } catch (SyscallsUnavailableException e) {
      System.out.println("unavailable " + e.getMessage());
    }
  }
}
