package dev.safefs.linux;

import dev.safefs.sys.Syscalls;

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
}
