package dev.safefs.request;

import java.nio.file.LinkOption;

/** Whether a symbolic link at the end of a path is followed. */
public enum LinkMode {
  /** It is followed. */
  FOLLOW,
  /** It is acted on itself. */
  NOFOLLOW;

  /**
   * Parses link options.
   *
   * @param options the caller's
   * @return {@code NOFOLLOW} if there is any
   * @throws NullPointerException if an option is null
   */
  public static LinkMode parse(LinkOption... options) {
    LinkMode mode = FOLLOW;
    for (LinkOption option : options) {
      if (option == null) {
        throw new NullPointerException("option");
      }
      mode = NOFOLLOW;
    }
    return mode;
  }
}
