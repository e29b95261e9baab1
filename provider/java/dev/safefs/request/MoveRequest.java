package dev.safefs.request;

import dev.safefs.SafeCopyOption;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * What a move asks for.
 *
 * @param replace what happens to an existing target; with {@code ATOMIC} it is replaced, as the
 *     JDK's provider does
 * @param reach whether the move may become a copy
 * @param durability whether content and name are synced beyond the file system's setting
 * @param listener told of the progress of a copy across file systems, if wanted
 */
public record MoveRequest(
    Replace replace,
    Reach reach,
    NameSync durability,
    Optional<SafeCopyOption.ProgressListener> listener) {

  /** How far a move may go. */
  public enum Reach {
    /** One rename or nothing. */
    ATOMIC,
    /** A copy to another file system if need be. */
    ANYWHERE
  }

  /** What decides about syncing. */
  public enum NameSync {
    /** The file system's setting. */
    AS_CONFIGURED,
    /** This call: the names are synced. */
    DURABLE
  }

  /**
   * Parses the options of a move.
   *
   * @param options the caller's
   * @return the request
   * @throws UnsupportedOperationException for an unknown option, {@code COPY_ATTRIBUTES} included
   * @throws NullPointerException if an option is null
   */
  public static MoveRequest parse(CopyOption... options) {
    Replace replace = Replace.NO_REPLACE;
    Reach reach = Reach.ANYWHERE;
    NameSync durability = NameSync.AS_CONFIGURED;
    Optional<SafeCopyOption.ProgressListener> listener = Optional.empty();
    for (CopyOption option : options) {
      if (option == null) {
        throw new NullPointerException("option");
      }
      if (option == StandardCopyOption.REPLACE_EXISTING) {
        replace = Replace.REPLACE;
      } else if (option == StandardCopyOption.ATOMIC_MOVE) {
        reach = Reach.ATOMIC;
        replace = Replace.REPLACE;
      } else if (option == SafeCopyOption.DURABLE) {
        durability = NameSync.DURABLE;
      } else if (option instanceof SafeCopyOption.Progress progress) {
        listener = Optional.of(progress.listener());
      } else if (option != LinkOption.NOFOLLOW_LINKS) {
        throw new UnsupportedOperationException(option + " not supported");
      }
    }
    return new MoveRequest(replace, reach, durability, listener);
  }
}
