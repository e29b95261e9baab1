package dev.safefs.request;

/** Whether a copy may share blocks with its source. */
public enum Reflink {
  /** It does where the file system can. */
  AUTO,
  /** It does, or it fails. */
  ONLY,
  /** It never does. */
  NEVER
}
