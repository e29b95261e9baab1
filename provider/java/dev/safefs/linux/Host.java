package dev.safefs.linux;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Syscalls;
import java.io.IOException;

/**
 * What every object of one engine shares.
 *
 * @param sys the kernel
 * @param proc the way from a descriptor to the delegate
 * @param mounts what mounts have shown that they lack
 * @param entropy random bytes
 * @param principals the delegate's users and groups
 */
record Host(
    Syscalls sys, ProcFd proc, MountCapabilities mounts, Entropy entropy, Principals principals) {

  /** Takes ownership of a descriptor number. */
  Fd own(int number) {
    return new Fd(sys, number, Fd.Role.OBJECT);
  }

  /** Opens what a descriptor has open once more. The working directory is opened by its name. */
  Fd duplicate(Fd fd, String display) throws IOException {
    int result =
        fd.isWorkingDirectory()
            ? fd.call(n -> sys.openat(n, CString.DOT, Goal.DIRECTORY.flags(), 0))
            : fd.call(n -> sys.fcntl(n, Abi.F_DUPFD_CLOEXEC, 0));
    if (result < 0) {
      throw Errnos.exception(fd.isWorkingDirectory() ? "openat" : "fcntl", result, display);
    }
    return own(result);
  }
}
