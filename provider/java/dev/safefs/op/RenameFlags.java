package dev.safefs.op;

import dev.safefs.handle.Capability;
import dev.safefs.handle.Dir;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Listing;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.RenameResult;
import dev.safefs.request.Replace;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * Whether a mount honours the flags of renameat2(2). Promise M1. Where the file system is not one
 * of this kernel's own, it is found out for each flag with two files in a private directory:
 * exchanged; and renamed to a free name, to a taken one, and exchanged. After each, a listing is to
 * show both of them, as a server that ignores a flag has replaced one.
 *
 * <p>The kernel itself refuses a name that it sees taken, without asking the server, and keeps for
 * a while what it believes of names; so it is the exchange that shows a server which ignores flags,
 * and a listing, which the server answers. A server that ignores that flag is not believed about
 * the other one either.
 */
final class RenameFlags {
  private static final int PRIVATE = 0600;
  private static final int FILES = 2;

  private static final Trial EXCHANGE =
      (stage, one, other) ->
          stage.dir().rename(one, stage.dir(), other, Replace.EXCHANGE) == RenameResult.RENAMED
              && hasBoth(stage.dir());

  private static final Trial NO_REPLACE =
      (stage, one, other) -> {
        Dir room = stage.dir();
        Name free = stage.freshName(TempNames.Kind.FILE);
        return room.rename(one, room, free, Replace.NO_REPLACE) == RenameResult.RENAMED
            && hasBoth(room)
            && room.rename(free, room, other, Replace.NO_REPLACE) == RenameResult.EXISTS
            && hasBoth(room)
            // A server that refuses this flag reads flags.
            && room.rename(free, room, other, Replace.EXCHANGE) != RenameResult.ABSENT
            && hasBoth(room);
      };

  private RenameFlags() {}

  /** What is tried with two files in a private directory. */
  @FunctionalInterface
  private interface Trial {
    boolean passes(Stage stage, Name one, Name other) throws IOException;
  }

  /**
   * Tells whether a rename into a directory that is not to replace anything can be believed.
   *
   * @param target the directory; names of its own come and go in it for a moment, once for a mount
   * @return false also if that could not be found out
   */
  static boolean areHonoured(Dir target) {
    return target.capabilities().mayHave(Capability.LOCAL)
        || target
            .capabilities()
            .isShown(Capability.RENAME_NO_REPLACE, () -> passes(target, NO_REPLACE));
  }

  /**
   * Exchanges two names.
   *
   * @return as {@link Dir#rename}; {@code UNSUPPORTED} also where it cannot be believed
   * @throws IOException if it fails otherwise
   */
  static RenameResult exchange(ParentRef one, ParentRef other) throws IOException {
    return isExchangeHonoured(other.dir())
        ? one.dir().rename(one.name(), other.dir(), other.name(), Replace.EXCHANGE)
        : RenameResult.UNSUPPORTED;
  }

  private static boolean isExchangeHonoured(Dir target) {
    return target.capabilities().mayHave(Capability.LOCAL)
        || target
            .capabilities()
            .isShown(Capability.RENAME_EXCHANGE, () -> passes(target, EXCHANGE));
  }

  private static boolean passes(Dir target, Trial trial) throws IOException {
    try (Stage stage = Stage.inPrivateDir(target, TempNames.Kind.DIRECTORY)) {
      Name one = create(stage);
      Name other = create(stage);
      return trial.passes(stage, one, other);
    }
  }

  /** Made and closed, as FUSE hides rather than removes what is open. */
  private static Name create(Stage stage) throws IOException {
    Name name = stage.freshName(TempNames.Kind.FILE);
    try (FileHandle file =
        stage
            .dir()
            .create(name, PRIVATE)
            .orElseThrow(() -> new FileSystemException(stage.dir().display(name), null, "taken"))) {
      return name;
    }
  }

  private static boolean hasBoth(Dir room) throws IOException {
    int count = 0;
    try (Listing listing = room.list()) {
      while (listing.next().isPresent()) {
        count++;
      }
    }
    return count == FILES;
  }
}
