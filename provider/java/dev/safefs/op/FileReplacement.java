package dev.safefs.op;

import dev.safefs.Durability;
import dev.safefs.RaceDetectedException;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Name;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;

/** Replaces a file if it still is a given one: compare and swap. Promises L2, W4 and W7. */
public final class FileReplacement {
  private static final int PRIVATE = 0600;

  private FileReplacement() {}

  /** Makes the content of the new file. */
  @FunctionalInterface
  public interface Body {
    /**
     * Writes it.
     *
     * @param out to the new file
     * @throws IOException if the file is not to be replaced
     */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Replaces.
   *
   * @param place the file's
   * @param fileKey the file's, as its attributes gave it; compared as text, as different providers
   *     have different types
   * @param durability what is synced
   * @param body makes the content; not run if the file is another one at first
   * @return false if it is another file, or none; then nothing changed
   * @throws dev.safefs.GuaranteeUnavailableException if there is no atomic exchange here, or
   *     something of the old file cannot be kept, and the file system is strict
   * @throws FileSystemException if a write of the body failed, which is the cause, whatever that
   *     made of it; nothing changed
   * @throws IOException if the body throws it, or the file cannot be replaced; it is as it was
   */
  public static boolean replaceIfSame(Place place, Object fileKey, Durability durability, Body body)
      throws IOException {
    String expected = fileKey.toString();
    try (ParentRef at = Resolver.parent(place)) {
      Optional<FileHandle> found = at.dir().find(at.name());
      if (found.isEmpty()) {
        return false;
      }
      try (FileHandle old = found.get()) {
        Stat stat = old.stat();
        if (!stat.identity().fileKey().toString().equals(expected)) {
          return false;
        }
        if (stat.type() != FileType.REGULAR) {
          throw new FileSystemException(place.display(), null, "is a " + stat.type());
        }
        Succession.permit(old, stat, place);
        boolean replaced = swap(place, at, old, durability, body);
        if (replaced && durability == Durability.FILE_AND_NAME) {
          NameSync.run(at.dir(), place.display(), place.config());
        }
        return replaced;
      }
    }
  }

  private static boolean swap(
      Place place, ParentRef at, FileHandle old, Durability durability, Body body)
      throws IOException {
    try (Stage stage = UserPath.in(place.display(), () -> stage(at))) {
      Name staged = stage.freshName(TempNames.Kind.FILE);
      try (FileHandle file = stage.dir().create(staged, PRIVATE).orElseThrow(() -> taken(place))) {
        Stat made = file.stat();
        try (FileChannel channel = file.channel(Set.of(StandardOpenOption.WRITE))) {
          writeWatched(channel, body, place);
        }
        CarryOver carryOver = new CarryOver(place.display(), file, made);
        file.setMode(carryOver.run(old, old.stat(), place.config().strictness()));
        if (durability != Durability.NONE) {
          ContentSync.run(file, place.display(), place.config().strictness());
        }
        CompareAndSwap swap = new CompareAndSwap(at, stage, staged, place);
        return UserPath.in(place.display(), () -> swap.swap(old));
      }
    }
  }

  private static void writeWatched(FileChannel channel, Body body, Place place) throws IOException {
    Lifecycle lifecycle = new Lifecycle();
    body.writeTo(new WatchedOutputStream(Channels.newOutputStream(channel), lifecycle));
    lifecycle.check(place.display());
  }

  private static Stage stage(ParentRef at) throws IOException {
    return Stage.inPrivateDir(at.dir(), TempNames.Kind.DIRECTORY);
  }

  private static RaceDetectedException taken(Place place) {
    return new RaceDetectedException(place.display(), null, "a random name is taken");
  }
}
