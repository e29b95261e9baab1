package dev.safefs;

import dev.safefs.handle.FileType;
import dev.safefs.handle.Stat;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;

/** What was seen of a file. */
record EntryAttributes(Stat stat) implements BasicFileAttributes {

  @Override
  public FileTime lastModifiedTime() {
    return FileTime.from(stat.modified());
  }

  @Override
  public FileTime lastAccessTime() {
    return FileTime.from(stat.accessed());
  }

  @Override
  public FileTime creationTime() {
    long birth = stat.identity().birthNanoseconds();
    return birth == 0 ? lastModifiedTime() : FileTime.from(birth, TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean isRegularFile() {
    return stat.type() == FileType.REGULAR;
  }

  @Override
  public boolean isDirectory() {
    return stat.type() == FileType.DIRECTORY;
  }

  @Override
  public boolean isSymbolicLink() {
    return stat.type() == FileType.SYMLINK;
  }

  @Override
  public boolean isOther() {
    return !isRegularFile() && !isDirectory() && !isSymbolicLink();
  }

  @Override
  public long size() {
    return stat.sizeBytes();
  }

  @Override
  public Object fileKey() {
    return stat.identity().fileKey();
  }

  @Override
  public String toString() {
    return stat.toString();
  }
}
