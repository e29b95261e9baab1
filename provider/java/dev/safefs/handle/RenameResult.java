package dev.safefs.handle;

/** How a rename went. */
public enum RenameResult {
  /** Done, atomically. */
  RENAMED,
  /** The target exists and was not to be replaced. Nothing changed. */
  EXISTS,
  /** The target is a directory with entries. Nothing changed. */
  NOT_EMPTY,
  /** One of both is a directory and the other is not. Nothing changed. */
  TYPE_MISMATCH,
  /** Other file system or mount, or other engine. Nothing changed. */
  CROSS_DEVICE,
  /** The kernel or file system does not know the kind of rename asked for. Nothing changed. */
  UNSUPPORTED,
  /** The source does not exist, or for an exchange one of both. Nothing changed. */
  ABSENT
}
