package dev.safefs;

/** When written content becomes visible under its name (setting {@code publication}). */
public enum Publication {
  /** A writer that truncates publishes the whole file when it is closed. The default. */
  PUBLISH_ON_CLOSE,
  /** Every writer changes the file in place, as the JDK does. */
  IN_PLACE
}
