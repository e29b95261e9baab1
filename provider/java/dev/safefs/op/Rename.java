package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Refusal;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** Renames a name to a name with the outcomes of {@code Files.move}. Promises M1, M2 and M4. */
final class Rename {

  private Rename() {}

  /**
   * Renames unless the target exists.
   *
   * @return {@code RENAMED}, also where both are one file and nothing changed, or {@code
   *     CROSS_DEVICE}
   * @throws FileAlreadyExistsException if the target exists
   * @throws java.nio.file.NoSuchFileException if the source does not
   */
  static RenameResult exclusive(Sides sides) throws IOException {
    if (!RenameFlags.areHonoured(sides.to().dir())) {
      return ExclusiveMove.run(sides);
    }
    RenameResult result = renamed(sides, Replace.NO_REPLACE);
    return switch (result) {
      case RENAMED, CROSS_DEVICE -> result;
      case ABSENT -> throw sides.sourceAbsent();
      case UNSUPPORTED -> ExclusiveMove.run(sides);
      default -> sameFile(sides);
    };
  }

  /**
   * Renames over whatever has the target's name, but for a directory with entries.
   *
   * @return {@code RENAMED}, also where both are one file and nothing changed, or {@code
   *     CROSS_DEVICE}
   * @throws DirectoryNotEmptyException if the target is a directory with entries
   * @throws java.nio.file.NoSuchFileException if the source does not exist
   */
  static RenameResult replacing(Sides sides) throws IOException {
    RenameResult result = renamed(sides, Replace.REPLACE);
    return switch (result) {
      case RENAMED, CROSS_DEVICE -> result;
      case ABSENT -> throw sides.sourceAbsent();
      case TYPE_MISMATCH -> ReplaceOtherType.run(sides);
      case UNSUPPORTED ->
          throw new FileSystemException(
              sides.source(), sides.target(), "rename: not supported here");
      case EXISTS, NOT_EMPTY -> throw new DirectoryNotEmptyException(sides.target());
    };
  }

  /**
   * Renames by one call that replaces what rename(2) replaces.
   *
   * @throws AtomicMoveNotSupportedException if the target is on another file system or mount
   */
  static void atomic(Sides sides) throws IOException {
    String failure =
        switch (LostReply.rename(sides, Replace.REPLACE)) {
          case RENAMED -> "";
          case ABSENT -> throw new NoSuchFileException(sides.source(), sides.target(), null);
          case CROSS_DEVICE ->
              throw new AtomicMoveNotSupportedException(
                  sides.source(), sides.target(), "renameat: EXDEV (Invalid cross-device link)");
          case EXISTS -> throw new FileAlreadyExistsException(sides.source(), sides.target(), null);
          case NOT_EMPTY -> "renameat: ENOTEMPTY (Directory not empty)";
          case TYPE_MISMATCH -> "renameat: one is a directory (Is a directory, or Not a directory)";
          case UNSUPPORTED -> "renameat: not supported here";
        };
    if (!failure.isEmpty()) {
      throw new FileSystemException(sides.source(), sides.target(), failure);
    }
  }

  /** Makes one call. */
  static RenameResult call(Sides sides, Replace replace) throws IOException {
    return sides
        .from()
        .dir()
        .rename(sides.from().name(), sides.to().dir(), sides.to().name(), replace);
  }

  /** The kernel says that a mount is read-only before it looks for the names. */
  private static RenameResult renamed(Sides sides, Replace replace) throws IOException {
    try {
      return LostReply.rename(sides, replace);
    } catch (FileSystemException e) {
      if (!Refusal.READ_ONLY.isIn(e)) {
        throw e;
      }
      Optional<Stat> source = sides.from().dir().stat(sides.from().name());
      if (source.isEmpty()) {
        return RenameResult.ABSENT;
      }
      if (sides.targetIs(source.get())) {
        return RenameResult.RENAMED;
      }
      if (replace == Replace.NO_REPLACE && sides.to().dir().stat(sides.to().name()).isPresent()) {
        return RenameResult.EXISTS;
      }
      throw e;
    }
  }

  private static RenameResult sameFile(Sides sides) throws IOException {
    Optional<FileHandle> source = sides.from().dir().find(sides.from().name());
    if (source.isEmpty()) {
      throw sides.sourceAbsent();
    }
    try (FileHandle pinned = source.get()) {
      if (sides.targetIs(pinned.stat())) {
        return RenameResult.RENAMED;
      }
    }
    throw new FileAlreadyExistsException(sides.target());
  }
}
