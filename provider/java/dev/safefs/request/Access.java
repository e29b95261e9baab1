package dev.safefs.request;

/** What an open file is used for. */
public enum Access {
  /** Reading. */
  READ,
  /** Writing. */
  WRITE,
  /** Both. */
  READ_WRITE
}
