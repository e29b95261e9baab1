package dev.safefs.linux;

import dev.safefs.sys.Abi;
import dev.safefs.sys.Syscalls;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What procfs tells of a mount: a line of {@code /proc/self/mountinfo}, proc(5).
 *
 * @param type of the file system
 * @param isReadOnly whether it, or this mount of it, is
 */
record MountEntry(String type, boolean isReadOnly) {
  private static final byte[] TABLE = CString.of("/proc/self/mountinfo");
  private static final String END_OF_MOUNT = " - ";
  private static final int ID = 0;
  private static final int OPTIONS = 5;
  private static final int SUPER_OPTIONS = 2;
  private static final int CHUNK = 4096;

  /** Returns the one with an id, if the table tells. */
  static Optional<MountEntry> of(Syscalls sys, long id) {
    return read(sys).lines().flatMap(line -> parse(line, id).stream()).findFirst();
  }

  private static Optional<MountEntry> parse(String line, long id) {
    String[] halves = line.split(END_OF_MOUNT, 2);
    String[] mount = halves[0].split(" ");
    if (halves.length < 2 || mount.length <= OPTIONS || !mount[ID].equals(String.valueOf(id))) {
      return Optional.empty();
    }
    String[] device = halves[1].split(" ");
    boolean isReadOnly = isReadOnly(mount[OPTIONS]) || isReadOnly(device[SUPER_OPTIONS]);
    return Optional.of(new MountEntry(device[0], isReadOnly));
  }

  private static boolean isReadOnly(String options) {
    return List.of(options.split(",")).contains("ro");
  }

  private static String read(Syscalls sys) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    int fd = sys.openat(Abi.AT_FDCWD, TABLE, Abi.O_RDONLY | Abi.O_CLOEXEC, 0);
    if (fd >= 0) {
      byte[] chunk = new byte[CHUNK];
      for (int n = sys.read(fd, chunk, CHUNK); n > 0; n = sys.read(fd, chunk, CHUNK)) {
        text.write(chunk, 0, n);
      }
      sys.close(fd);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
