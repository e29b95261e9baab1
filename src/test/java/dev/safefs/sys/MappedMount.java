package dev.safefs.sys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Mounts on which files have other owners: mount_setattr(2), which the product never calls. */
public final class MappedMount {
  // The same on every CPU; asm-generic/unistd.h.
  private static final int OPEN_TREE = 428;
  private static final int MOVE_MOUNT = 429;
  private static final int MOUNT_SETATTR = 442;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MOUNT_ATTR_IDMAP = 0x100000;
  private static final int ATTRIBUTES_SIZE_BYTES = 32;
  private static final int CLEAR_AT = 8;
  private static final int USER_NAMESPACE_AT = 24;
  private static final int ATTRIBUTES_AT = Frame.PRIVATE_SIZE_BYTES;
  private static final int PATH_AT = ATTRIBUTES_AT + ATTRIBUTES_SIZE_BYTES;

  private final ByteBuffer memory =
      ByteBuffer.allocateDirect(PATH_AT + Abi.PATH_MAX).order(ByteOrder.nativeOrder());
  private final Trap trap = new JnrTrap.Function().newTrap(memory);

  private MappedMount() {}

  /**
   * Mounts a directory at another place. Needs CAP_SYS_ADMIN.
   *
   * @param map which users and groups there are, as in user_namespaces(7); others have no number
   */
  public static void bind(Path source, Path target, String map) throws IOException {
    Process keeper = new ProcessBuilder("unshare", "-U", "sleep", "60").start();
    try {
      Path process = Path.of("/proc", Long.toString(keeper.pid()));
      Path namespace = process.resolve("ns/user");
      while (Files.readSymbolicLink(namespace)
          .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/user")))) {
        Thread.onSpinWait();
      }
      Files.writeString(process.resolve("uid_map"), map);
      Files.writeString(process.resolve("gid_map"), map);
      new MappedMount().bind(source, target, namespace);
    } finally {
      keeper.destroyForcibly();
    }
  }

  private void bind(Path source, Path target, Path namespace) {
    long tree = call(OPEN_TREE, Abi.AT_FDCWD, path(source), OPEN_TREE_CLONE | Abi.O_CLOEXEC, 0, 0);
    long users =
        call(SyscallNumber.OPENAT.current, Abi.AT_FDCWD, path(namespace), Abi.O_CLOEXEC, 0, 0);
    memory.putLong(ATTRIBUTES_AT, MOUNT_ATTR_IDMAP);
    memory.putLong(ATTRIBUTES_AT + USER_NAMESPACE_AT, users);
    long attributes = trap.address() + ATTRIBUTES_AT;
    // The attributes to clear are none, and as such an empty path.
    long empty = attributes + CLEAR_AT;
    call(MOUNT_SETATTR, tree, empty, Abi.AT_EMPTY_PATH, attributes, ATTRIBUTES_SIZE_BYTES);
    call(MOVE_MOUNT, tree, empty, Abi.AT_FDCWD, path(target), MOVE_MOUNT_F_EMPTY_PATH);
    call(SyscallNumber.CLOSE.current, users, 0, 0, 0, 0);
    call(SyscallNumber.CLOSE.current, tree, 0, 0, 0, 0);
  }

  private long path(Path path) {
    memory.position(PATH_AT).put((path + "\0").getBytes(StandardCharsets.UTF_8));
    return trap.address() + PATH_AT;
  }

  private long call(int number, long a, long b, long c, long d, long e) {
    long result = trap.syscall5(number, a, b, c, d, e);
    if (result < 0) {
      throw new IllegalStateException("call " + number + ": " + Errno.name((int) -result));
    }
    return result;
  }
}
