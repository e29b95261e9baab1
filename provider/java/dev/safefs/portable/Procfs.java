package dev.safefs.portable;

import dev.safefs.handle.ByteText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.spi.FileSystemProvider;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the kernel beneath the JDK's own provider says of itself in {@code /proc}, read through that
 * provider. Others show files of another kernel, or of none. Nothing but procfs is believed.
 *
 * @param provider the delegate
 * @param fileSystem the one of its file systems that is used
 */
record Procfs(FileSystemProvider provider, FileSystem fileSystem) {
  /** As what has no number in a user namespace is shown; user_namespaces(7). */
  private static final int OVERFLOW = 65534;

  private static final long ALL_NUMBERS = 4294967295L;
  private static final int AT_ONCE = 1 << 13;

  /** What stands between fields, and the sign of what is written by number. */
  private static final String NUMBERED = " \t\n\\";

  private static final int MOUNTED_AT = 4;
  private static final String SETTINGS = "/proc/sys/fs";
  private static final String SELF = "/proc/self";
  private static final String TYPE = "proc";

  /** Tells whether there may be one at all. */
  boolean isOfDelegate() {
    return ByteText.isOf(fileSystem) && System.getProperty("os.name", "").equals("Linux");
  }

  /**
   * Returns a setting of the kernel; 0 if it does not have it, and empty if nobody can tell.
   * proc_sys_fs(5)
   */
  OptionalInt setting(String name) {
    Optional<String> text = text(SETTINGS, name);
    try {
      return text.isPresent()
          ? OptionalInt.of(Integer.parseInt(text.get().strip()))
          : isMissing(SETTINGS, name) ? OptionalInt.of(0) : OptionalInt.empty();
    } catch (NumberFormatException e) {
      return OptionalInt.empty();
    }
  }

  /** Returns the number of this program's user, empty if nobody can tell. */
  OptionalInt self() {
    Path self = fileSystem.getPath(SELF);
    try {
      return isProcfs(self)
              && provider.readAttributes(self, "unix:uid").get("uid") instanceof Integer uid
          ? OptionalInt.of(uid)
          : OptionalInt.empty();
    } catch (IOException | RuntimeException e) {
      return OptionalInt.empty();
    }
  }

  /**
   * Tells whether the number of an owner is that, and not what all are shown as that have none in
   * this user namespace.
   */
  boolean hasUser(int owner) {
    return owner != OVERFLOW || !isOfDelegate() || isWhole("uid_map");
  }

  /** Tells the same of a group. */
  boolean hasGroup(int group) {
    return group != OVERFLOW || !isOfDelegate() || isWhole("gid_map");
  }

  /**
   * Tells whether a namespace has all numbers: not if it cannot be read. A kernel without
   * namespaces has no such file.
   */
  private boolean isWhole(String map) {
    Optional<String> text = text(SELF, map);
    try {
      return text.isEmpty()
          ? isMissing(SELF, map)
          : text.get().lines().mapToLong(line -> Long.parseLong(line.strip().split(" +")[2])).sum()
              >= ALL_NUMBERS;
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return false;
    }
  }

  /**
   * Tells whether something is mounted there. proc_pid_mountinfo(5)
   *
   * @param path its lossless text, absolute and without links
   */
  boolean isMountPoint(String path) {
    StringBuilder shown = new StringBuilder();
    for (byte b : ByteText.encode(path)) {
      shown.append(
          NUMBERED.indexOf(b) < 0
              ? Character.toString(Byte.toUnsignedInt(b))
              : "\\" + (b < 0100 ? "0" : "") + Integer.toOctalString(b));
    }
    return text(SELF, "mountinfo").stream()
        .flatMap(String::lines)
        .map(line -> line.split(" "))
        .anyMatch(
            fields -> fields.length > MOUNTED_AT && shown.toString().equals(fields[MOUNTED_AT]));
  }

  private Optional<String> text(String directory, String name) {
    Path path = fileSystem.getPath(directory, name);
    try {
      return isProcfs(path) ? Optional.of(read(path)) : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  /** Tells whether a directory is the kernel's own, and has no such file. */
  private boolean isMissing(String directory, String name) {
    Path dir = fileSystem.getPath(directory);
    try {
      return isProcfs(dir) && isAbsent(dir.resolve(name));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private String read(Path path) throws IOException {
    try (SeekableByteChannel channel =
        provider.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      ByteBuffer part = ByteBuffer.allocate(AT_ONCE);
      while (channel.read(part) > 0) {
        text.write(part.array(), 0, part.position());
        part.clear();
      }
      return text.toString(StandardCharsets.ISO_8859_1);
    }
  }

  private boolean isAbsent(Path path) throws IOException {
    try {
      provider.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return false;
    } catch (NoSuchFileException e) {
      return true;
    }
  }

  private boolean isProcfs(Path path) throws IOException {
    return isOfDelegate() && provider.getFileStore(path).type().equals(TYPE);
  }
}
