package dev.safefs.handle;

import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/** The attributes of a file as the JDK's interface shows them. */
public interface StatAttributes extends BasicFileAttributes {

  /**
   * Returns what was read of the file.
   *
   * @return all in one look
   */
  Stat stat();

  @Override
  default FileTime lastModifiedTime() {
    return FileTime.from(stat().modified());
  }

  @Override
  default FileTime lastAccessTime() {
    return FileTime.from(stat().accessed());
  }

  /** Returns the time of modification where there is no time of birth, as the JDK does. */
  @Override
  default FileTime creationTime() {
    long birth = stat().identity().birthNanoseconds();
    return birth == 0 ? lastModifiedTime() : FileTime.from(birth, TimeUnit.NANOSECONDS);
  }

  @Override
  default boolean isRegularFile() {
    return stat().type() == FileType.REGULAR;
  }

  @Override
  default boolean isDirectory() {
    return stat().type() == FileType.DIRECTORY;
  }

  @Override
  default boolean isSymbolicLink() {
    return stat().type() == FileType.SYMLINK;
  }

  @Override
  default boolean isOther() {
    return !isRegularFile() && !isDirectory() && !isSymbolicLink();
  }

  @Override
  default long size() {
    return stat().sizeBytes();
  }

  @Override
  default Object fileKey() {
    return stat().identity().fileKey();
  }
}
