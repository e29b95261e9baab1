package dev.safefs.op;

import dev.safefs.RaceDetectedException;
import dev.safefs.handle.Capability;
import dev.safefs.handle.CreateResult;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.RenameResult;
import dev.safefs.handle.Stat;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/**
 * Moves without replacing where {@code renameat2(RENAME_NOREPLACE)} is missing. Promise M1.
 *
 * <p>A file gets its new name by a link, which is exclusive, and then loses its old one, by
 * identity; for an instant it has both. Where an open file cannot be linked, or a link perhaps not
 * be removed again, {@link StagedMove}. A directory is renamed over an empty one that {@code mkdir}
 * made exclusively. Where a server may lose a reply, a failure is believed only after a look at the
 * target.
 */
final class ExclusiveMove {
  private static final int PRIVATE_DIRECTORY = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int STICKY = 01000;

  private ExclusiveMove() {}

  /** Moves, as {@link Rename#exclusive} does. */
  static RenameResult run(Sides sides) throws IOException {
    boolean isStored = sides.to().dir().capabilities().mayHave(Capability.STORAGE);
    Tries tries = new Tries(sides::target);
    while (tries.next()) {
      Optional<FileHandle> source = sides.from().dir().find(sides.from().name());
      if (source.isEmpty()) {
        throw sides.sourceAbsent();
      }
      try (FileHandle pinned = source.get()) {
        Stat stat = pinned.stat();
        Optional<Stat> taken = sides.to().dir().stat(sides.to().name());
        if (taken.isPresent() && taken.get().isSameFile(stat)) {
          return RenameResult.RENAMED;
        }
        if (taken.isPresent()) {
          throw exists(sides);
        }
        if (!isStored) {
          return group(sides, stat);
        }
        RenameResult result =
            stat.type() == FileType.DIRECTORY ? directory(sides, stat) : file(sides, pinned, stat);
        if (result != RenameResult.TYPE_MISMATCH) {
          return result;
        }
      }
    }
    throw new RaceDetectedException(
        sides.source(), sides.target(), "changed its type in each of " + tries);
  }

  /**
   * Renames where names are not for files, and so none may be made to claim one: groups of
   * processes, which can be renamed without flags and not with them, and never over another.
   */
  private static RenameResult group(Sides sides, Stat source) throws IOException {
    RenameResult result =
        source.type() == FileType.DIRECTORY
                && !sides.to().dir().capabilities().mayHave(Capability.RENAME_REPLACE)
            ? Rename.call(sides, Replace.REPLACE)
            : RenameResult.UNSUPPORTED;
    switch (result) {
      case RENAMED -> {}
      case ABSENT -> throw sides.sourceAbsent();
      case EXISTS, NOT_EMPTY -> throw exists(sides);
      default -> UserPath.of(sides.target(), () -> PrivateDir.requireStorage(sides.to().dir()));
    }
    return result;
  }

  private static RenameResult file(Sides sides, FileHandle pinned, Stat before) throws IOException {
    if ((sides.from().dir().stat().mode() & STICKY) != 0) {
      // Of another user's file a link may be made, and neither name be removed; unlink(2), EPERM.
      return StagedMove.run(sides, pinned, before);
    }
    Linking linking = () -> sides.to().dir().link(pinned, sides.to().name());
    return switch (link(linking, sides, pinned, before)) {
      case CREATED -> unlinkSource(sides, pinned, before);
      case EXISTS -> throw exists(sides);
      case CROSS_DEVICE -> RenameResult.CROSS_DEVICE;
      case SOURCE_GONE -> throw sides.sourceAbsent();
      case ONLY_BY_NAME -> StagedMove.run(sides, pinned, before);
      case UNSUPPORTED -> claimFile(sides);
    };
  }

  /** A way to link the source to the target's name. */
  @FunctionalInterface
  interface Linking {
    /** Links. */
    CreateResult run() throws IOException;
  }

  /**
   * Links, and finds out by identity and link count whether that was done although it failed, as
   * its reply was lost.
   */
  static CreateResult link(Linking linking, Sides sides, FileHandle pinned, Stat before)
      throws IOException {
    CreateResult linked;
    try {
      linked = linking.run();
    } catch (FileSystemException e) {
      if (!gainedTarget(sides, pinned, before)) {
        throw e;
      }
      return CreateResult.CREATED;
    }
    return linked == CreateResult.EXISTS && gainedTarget(sides, pinned, before)
        ? CreateResult.CREATED
        : linked;
  }

  private static boolean gainedTarget(Sides sides, FileHandle pinned, Stat before)
      throws IOException {
    return sides.targetIs(before) && pinned.stat().linkCount() > before.linkCount();
  }

  private static RenameResult unlinkSource(Sides sides, FileHandle pinned, Stat stat)
      throws IOException {
    Quarantine.Removal removal;
    try {
      removal = sides.removeSource(pinned);
    } catch (IOException | RuntimeException | Error e) {
      rollback(sides, stat, e);
      throw e;
    }
    if (removal == Quarantine.Removal.ABSENT && pinned.stat().linkCount() > 1) {
      // Another mover took the source. With one name left the reply to our own unlink was lost
      // instead.
      FileSystemException gone = sides.sourceAbsent();
      unclaim(sides, stat, gone);
      throw gone;
    }
    // DIFFERENT: somebody put another file under the old name after ours had its new one, as after
    // any move.
    return RenameResult.RENAMED;
  }

  /**
   * Moves back without replacing. Where that takes a link, and the file may not be linked, as it is
   * somebody else's (protected_hardlinks; proc(5)), an empty file takes the name first.
   */
  static void back(Sides sides) throws IOException {
    try {
      Rename.exclusive(sides);
    } catch (FileAlreadyExistsException | NoSuchFileException e) {
      throw e;
    } catch (FileSystemException e) {
      Optional<Stat> left = sides.from().dir().stat(sides.from().name());
      if (left.isEmpty() || left.get().type() == FileType.DIRECTORY) {
        throw e;
      }
      claimFile(sides);
    }
  }

  /** Takes the new name away again, if the file still has the old one. */
  private static void rollback(Sides sides, Stat stat, Throwable failure) {
    try {
      Optional<Stat> kept = sides.from().dir().stat(sides.from().name()).filter(stat::isSameFile);
      if (kept.isPresent() && kept.get().linkCount() > 1) {
        Quarantine.removeIfSame(sides.to(), stat);
      }
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.suppress(failure, e);
    }
  }

  private static RenameResult directory(Sides sides, Stat source) throws IOException {
    if (sides.to().dir().mkdir(sides.to().name(), PRIVATE_DIRECTORY) != CreateResult.CREATED) {
      throw exists(sides);
    }
    try (FileHandle claim = lookedAt(() -> claimed(sides))) {
      return renameOver(sides, lookedAt(claim::stat), source);
    }
  }

  /**
   * Creates an exclusive placeholder where there are no hard links. Who opens it to write, or
   * renames over it, is noticed, not prevented.
   */
  static RenameResult claimFile(Sides sides) throws IOException {
    Downgrade.accept(
        sides.config().strictness(),
        sides.target(),
        "M1",
        "no exclusive rename and no hard links here, so an empty file takes the name first");
    Optional<FileHandle> created = sides.to().dir().create(sides.to().name(), PRIVATE_FILE);
    if (created.isEmpty()) {
      throw exists(sides);
    }
    try (FileHandle claim = created.get()) {
      Stat made = lookedAt(claim::stat);
      Optional<Stat> source =
          orUnclaimed(sides, made, () -> sides.from().dir().stat(sides.from().name()));
      if (source.isEmpty()) {
        FileSystemException failure = sides.sourceAbsent();
        unclaim(sides, made, failure);
        throw failure;
      }
      RenameResult result = renameOver(sides, made, source.get());
      if (result == RenameResult.RENAMED && claim.stat().sizeBytes() > 0) {
        throw new RaceDetectedException(
            sides.source(),
            sides.target(),
            "moved over what another process had written to the claimed name");
      }
      return result;
    }
  }

  /** Looks, and takes a claim away if that fails. */
  private static <T> T orUnclaimed(Sides sides, Stat claim, Look<T> look) throws IOException {
    try {
      return look.at();
    } catch (IOException | RuntimeException | Error e) {
      unclaim(sides, claim, e);
      throw e;
    }
  }

  /** A look at a claim. */
  @FunctionalInterface
  interface Look<T> {
    T at() throws IOException;
  }

  /** Looks once more after a failure: a claim that is not known is not taken away again. */
  static <T> T lookedAt(Look<T> look) throws IOException {
    try {
      return look.at();
    } catch (FileSystemException | RuntimeException | Error e) {
      try {
        return look.at();
      } catch (IOException | RuntimeException | Error again) {
        Cleanup.suppress(e, again);
        throw e;
      }
    }
  }

  private static FileHandle claimed(Sides sides) throws IOException {
    return sides
        .to()
        .dir()
        .find(sides.to().name())
        .orElseThrow(
            () ->
                new RaceDetectedException(
                    sides.source(), sides.target(), "the claimed name was taken away"));
  }

  private static RenameResult renameOver(Sides sides, Stat claim, Stat source) throws IOException {
    if (source.type() != FileType.DIRECTORY
        && !orUnclaimed(sides, claim, () -> sides.targetIs(claim))) {
      // Somebody renamed over the claim or removed it: the name is theirs.
      throw exists(sides);
    }
    RenameResult result;
    try {
      result = Rename.call(sides, Replace.REPLACE);
    } catch (IOException | RuntimeException | Error e) {
      if (e instanceof FileSystemException && sides.targetIs(source)) {
        return RenameResult.RENAMED;
      }
      unclaim(sides, claim, e);
      throw e;
    }
    switch (result) {
      case RENAMED -> {
        return result;
      }
      case CROSS_DEVICE, TYPE_MISMATCH -> {
        Cleanup.twice(() -> Quarantine.removeIfSame(sides.to(), claim));
        return result;
      }
      default -> {
        // A request that was repeated because its reply was lost finds no source any more.
        if (result == RenameResult.ABSENT && sides.targetIs(source)) {
          return RenameResult.RENAMED;
        }
        FileSystemException failure =
            result == RenameResult.ABSENT ? sides.sourceAbsent() : exists(sides);
        unclaim(sides, claim, failure);
        throw failure;
      }
    }
  }

  private static void unclaim(Sides sides, Stat made, Throwable failure) {
    try {
      Quarantine.removeIfSame(sides.to(), made);
    } catch (IOException | RuntimeException | Error e) {
      Cleanup.suppress(failure, e);
    }
  }

  static FileAlreadyExistsException exists(Sides sides) {
    return new FileAlreadyExistsException(sides.target());
  }
}
