package dev.safefs.sys;

/**
 * The main class of child JVMs that are timed: opens a backend and makes a call, or ends at once.
 * What it does besides would be timed, too: it prints nothing.
 */
public final class FirstCall {
  private FirstCall() {}

  /** Opens the backend that the argument names, if one has the name. */
  public static void main(String[] args) throws SyscallsUnavailableException {
    if (args[0].equals("none")) {
      return;
    }
    Syscalls sys = SyscallsLoader.load(args[0]);
    int result = sys.openat(Abi.AT_FDCWD, new byte[] {'/', '-', '-', 0}, Abi.O_RDONLY, 0);
    if (result != -Errno.ENOENT) {
      System.exit(1);
    }
  }
}
