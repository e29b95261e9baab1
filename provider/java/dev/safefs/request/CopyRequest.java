package dev.safefs.request;

import dev.safefs.SafeCopyOption;
import java.nio.file.CopyOption;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a copy asks for.
 *
 * @param replace what happens to an existing target
 * @param links whether a link at the end of the source is followed
 * @param flags all else
 * @param listener told of the progress, if wanted
 */
public record CopyRequest(
    Replace replace,
    LinkMode links,
    Set<CopyFlag> flags,
    Optional<SafeCopyOption.ProgressListener> listener) {

  /** Makes the set immutable. */
  public CopyRequest {
    flags = Set.copyOf(flags);
  }

  /**
   * Parses the options of a copy.
   *
   * @param options the caller's
   * @return the request
   * @throws UnsupportedOperationException for an unknown option, {@code ATOMIC_MOVE} included
   * @throws IllegalArgumentException for a combination that makes no sense
   * @throws NullPointerException if an option is null
   */
  public static CopyRequest parse(CopyOption... options) {
    Replace replace = Replace.NO_REPLACE;
    LinkMode links = LinkMode.FOLLOW;
    Optional<SafeCopyOption.ProgressListener> listener = Optional.empty();
    Set<CopyFlag> flags = EnumSet.noneOf(CopyFlag.class);
    for (CopyOption option : options) {
      if (option == null) {
        throw new NullPointerException("option");
      }
      if (option == StandardCopyOption.REPLACE_EXISTING) {
        replace = Replace.REPLACE;
      } else if (option == LinkOption.NOFOLLOW_LINKS) {
        links = LinkMode.NOFOLLOW;
      } else if (option instanceof SafeCopyOption.Progress progress) {
        listener = Optional.of(progress.listener());
      } else {
        flags.add(CopyFlag.of(option));
      }
    }
    if (flags.contains(CopyFlag.REFLINK_ONLY) && flags.contains(CopyFlag.NO_REFLINK)) {
      throw new IllegalArgumentException("REFLINK_ONLY + NO_REFLINK not allowed");
    }
    return new CopyRequest(replace, links, flags, listener);
  }
}
