package dev.safefs.sys;

/**
 * Tells that no backend for {@link Syscalls} can be loaded, why, and which setting or flag changes
 * that.
 */
public final class SyscallsUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  SyscallsUnavailableException(String message) {
    super(message);
  }

  SyscallsUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
