package dev.safefs;

/**
 * When written content becomes visible under its name (setting {@code publication}). Promises W1
 * and W5. {@link SafeOpenOption} overrides it for one call.
 */
public enum Publication {
  /**
   * A writer opened with {@code WRITE} and {@code TRUNCATE_EXISTING} publishes the whole file when
   * it is closed or forced. One opened with {@code APPEND} or {@code CREATE_NEW}, without {@code
   * TRUNCATE_EXISTING}, or with {@code DELETE_ON_CLOSE}, and one of a special file, changes the
   * file at once. The default.
   */
  PUBLISH_ON_CLOSE,
  /** Every writer changes the file in place, as the JDK does. */
  IN_PLACE
}
