package dev.safefs.request;

/** Whether an open may create the file. */
public enum Creation {
  /** The file must exist. */
  OPEN_EXISTING,
  /** It is created if it does not exist. */
  CREATE,
  /** It must not exist. */
  CREATE_NEW
}
