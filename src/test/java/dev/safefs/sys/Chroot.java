package dev.safefs.sys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** {@code int chroot(const char *path)}; chroot(2), which the product never calls. */
public final class Chroot {
  private static final int PATH_AT = Frame.PRIVATE_SIZE_BYTES;

  private Chroot() {}

  /** Makes a directory this process's root. Needs CAP_SYS_CHROOT. */
  public static void into(Path directory) {
    ByteBuffer memory = ByteBuffer.allocateDirect(PATH_AT + Abi.PATH_MAX);
    Trap trap = new JnrTrap.Function().newTrap(memory);
    byte[] path = (directory + "\0").getBytes(StandardCharsets.UTF_8);
    memory.position(PATH_AT).put(path);
    int number = Cpu.current() == Cpu.X86_64 ? 161 : 51;
    long result = trap.syscall5(number, trap.address() + PATH_AT, 0, 0, 0, 0);
    if (result != 0) {
      throw new IllegalStateException("chroot: " + Errno.name((int) -result));
    }
  }
}
