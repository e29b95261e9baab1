package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.util.Optional;

/**
 * Replaces a file by a directory, or an empty directory by a file, which rename(2) refuses. Promise
 * M2.
 *
 * <p>Both are exchanged, so that the target's name always resolves; then what had it is removed by
 * identity under the source's name. A directory that filled up meanwhile is exchanged back.
 */
final class ReplaceOtherType {
  private ReplaceOtherType() {}

  /** Replaces, as {@link Rename#replacing} does. */
  static RenameResult run(Sides sides) throws IOException {
    Tries tries = new Tries(sides::target);
    while (tries.next()) {
      RenameResult result = attempt(sides);
      if (result == RenameResult.NOT_EMPTY || result == RenameResult.EXISTS) {
        throw new DirectoryNotEmptyException(sides.target());
      }
      if (result != RenameResult.TYPE_MISMATCH) {
        return result;
      }
      RenameResult plain = Rename.call(sides, Replace.REPLACE);
      switch (plain) {
        case RENAMED, CROSS_DEVICE -> {
          return plain;
        }
        case ABSENT -> throw sides.sourceAbsent();
        case NOT_EMPTY, EXISTS -> throw new DirectoryNotEmptyException(sides.target());
        default -> {}
      }
    }
    throw new RaceDetectedException(
        sides.source(), sides.target(), "changed between file and directory in each of " + tries);
  }

  /** Returns {@code TYPE_MISMATCH} if the target changed meanwhile and nothing was done. */
  private static RenameResult attempt(Sides sides) throws IOException {
    Optional<FileHandle> found = sides.to().dir().find(sides.to().name());
    if (found.isEmpty()) {
      return RenameResult.TYPE_MISMATCH;
    }
    try (FileHandle pinned = found.get()) {
      Stat old = pinned.stat();
      if (old.type() == FileType.DIRECTORY && Emptiness.isKnownFull(sides.to())) {
        return RenameResult.NOT_EMPTY;
      }
      RenameResult result = RenameFlags.exchange(sides.from(), sides.to());
      return switch (result) {
        case RENAMED -> removeOld(sides, old, pinned);
        case CROSS_DEVICE -> result;
        case ABSENT -> absent(sides);
        case UNSUPPORTED -> withGap(sides, old, pinned);
        default -> RenameResult.TYPE_MISMATCH;
      };
    }
  }

  private static RenameResult absent(Sides sides) throws IOException {
    if (sides.from().dir().stat(sides.from().name()).isEmpty()) {
      throw sides.sourceAbsent();
    }
    return RenameResult.TYPE_MISMATCH;
  }

  private static RenameResult removeOld(Sides sides, Stat old, FileHandle pinned)
      throws IOException {
    Quarantine.Removal removal;
    try {
      removal = sides.removeSource(pinned);
    } catch (IOException | RuntimeException | Error e) {
      exchangeBack(sides, e);
      throw e;
    }
    return switch (removal) {
      case REMOVED, ABSENT -> RenameResult.RENAMED;
      case NOT_EMPTY -> {
        DirectoryNotEmptyException failure = new DirectoryNotEmptyException(sides.target());
        exchangeBack(sides, failure);
        throw failure;
      }
      case DIFFERENT ->
          throw new RaceDetectedException(
              sides.source(),
              sides.target(),
              "replaced, but another process replaced one of both meanwhile: what has the source's name now was kept");
    };
  }

  private static void exchangeBack(Sides sides, Throwable failure) {
    try {
      RenameResult result = RenameFlags.exchange(sides.from(), sides.to());
      if (result != RenameResult.RENAMED) {
        failure.addSuppressed(
            new RaceDetectedException(
                sides.source(), sides.target(), "could not be exchanged back: " + result));
      }
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.suppress(failure, e);
    }
  }

  /**
   * Takes the old object away first and puts it back if the new one does not come or the old one
   * cannot be removed, as there is no exchange here.
   *
   * @throws FileSystemException if it is a directory that cannot be moved into another one, as on a
   *     full disk, which has no room for that; nothing changed
   */
  private static RenameResult withGap(Sides sides, Stat old, FileHandle pinned) throws IOException {
    Downgrade.accept(
        sides.config().strictness(),
        sides.target(),
        "M2",
        "no exchange here, so what has the name is taken away first");
    try (Quarantine quarantine = Quarantine.open(sides.to())) {
      Quarantine.Claim claim = quarantine.claim(old);
      if (claim == Quarantine.Claim.NOT_MOVABLE) {
        throw new FileSystemException(
            sides.target(),
            null,
            "not replaced: no exchange here, and the directory cannot be taken away first");
      }
      if (claim != Quarantine.Claim.CLAIMED) {
        return RenameResult.TYPE_MISMATCH;
      }
      RenameResult result;
      try {
        result = Rename.exclusive(sides);
      } catch (IOException | RuntimeException | Error e) {
        quarantine.putBack(e);
        throw e;
      }
      if (result == RenameResult.RENAMED) {
        removeTaken(sides, quarantine, pinned);
      } else {
        quarantine.putBack();
      }
      return result;
    }
  }

  private static void removeTaken(Sides sides, Quarantine quarantine, FileHandle pinned)
      throws IOException {
    try {
      // What is held open NFS would keep under a hidden name.
      pinned.close();
      if (quarantine.remove() == Quarantine.Removal.NOT_EMPTY) {
        throw new DirectoryNotEmptyException(sides.target());
      }
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.close(() -> moveBack(sides), e);
      quarantine.putBack(e);
      throw e;
    }
  }

  private static void moveBack(Sides sides) throws IOException {
    Rename.exclusive(
        new Sides(
            sides.to(),
            sides.from(),
            sides.target(),
            sides.source(),
            Sides.Origin.NAMED,
            sides.config()));
  }
}
