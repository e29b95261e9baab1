package dev.safefs.portable;

import java.nio.file.FileSystem;
import java.util.EnumSet;
import java.util.Set;

/**
 * What is known of a delegate from its source and cannot be found out by asking it. A delegate that
 * is not in this table gets the algorithms that need nothing of it.
 */
enum Trait {
  /**
   * A move without options fails if the target exists, in one step. Jimfs and memoryfilesystem hold
   * the write locks of both directories; the JDK on Windows calls {@code MoveFileExW} without
   * {@code MOVEFILE_REPLACE_EXISTING}, which was read and not run.
   */
  EXCLUSIVE_MOVE,
  /**
   * The move of its secure directory streams follows a link, and moves what it leads to. Jimfs
   * 1.3.1.
   */
  STREAM_MOVE_FOLLOWS,
  /** Syncing or closing a channel changes the time of last modification. memoryfilesystem 2.8.1. */
  SYNC_CHANGES_TIME,
  /**
   * Permission is asked by each write and change of time, not when the file is opened.
   * memoryfilesystem 2.8.1.
   */
  CHECKS_EACH_WRITE,
  /**
   * A file that is open cannot be removed, but its channel removes it. memoryfilesystem 2.8.1; on
   * Windows the JDK opens with {@code FILE_FLAG_DELETE_ON_CLOSE}, which was read and not run.
   */
  KEEPS_OPEN_FILES,
  /** It keeps nothing when the machine stops, so that there are no names to make durable. */
  VOLATILE,
  /**
   * A hard link of a symbolic link is tried. {@code link(2)} makes one on Linux and follows on
   * macOS, so it is looked at.
   */
  LINKS_TO_SYMLINKS,
  /**
   * It has no symbolic links, takes the option not to follow them for an error when it opens
   * something, and shows a new file only when it is closed. The zip file system of the JDK.
   */
  ZIP,
  /** Its names and sharing rules are those of Windows. Not run on Windows. */
  WINDOWS;

  /** Returns the traits of a file system, by the scheme of its provider and its separator. */
  static Set<Trait> of(FileSystem fileSystem) {
    boolean backslash = fileSystem.getSeparator().equals("\\");
    return switch (fileSystem.provider().getScheme()) {
      case "jimfs" -> EnumSet.of(EXCLUSIVE_MOVE, STREAM_MOVE_FOLLOWS, VOLATILE);
      case "memory" ->
          EnumSet.of(
              EXCLUSIVE_MOVE, SYNC_CHANGES_TIME, CHECKS_EACH_WRITE, KEEPS_OPEN_FILES, VOLATILE);
      case "file" ->
          backslash
              ? EnumSet.of(EXCLUSIVE_MOVE, KEEPS_OPEN_FILES, WINDOWS)
              : EnumSet.of(LINKS_TO_SYMLINKS);
      case "jar" -> EnumSet.of(ZIP);
      default -> EnumSet.noneOf(Trait.class);
    };
  }
}
