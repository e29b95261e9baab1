package dev.safefs.linux;

import java.util.List;
import java.util.Optional;

/**
 * What procfs tells of a mount: a line of {@code /proc/self/mountinfo}, proc(5).
 *
 * @param type of the file system
 * @param isReadOnly whether it, or this mount of it, is
 */
record MountEntry(String type, boolean isReadOnly) {
  private static final String END_OF_MOUNT = " - ";
  private static final int ID = 0;
  private static final int OPTIONS = 5;
  private static final int SUPER_OPTIONS = 2;

  /** Returns the one with an id, if the table tells. */
  static Optional<MountEntry> find(String table, long id) {
    return table.lines().flatMap(line -> parse(line, id).stream()).findFirst();
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
}
