package dev.safefs.request;

/** The open options that are neither access nor creation. */
public enum OpenFlag {
  /** An existing file is emptied. */
  TRUNCATE,
  /** Each write goes to the end of the file. */
  APPEND,
  /** The file is removed when, or before, it is closed. */
  DELETE_ON_CLOSE,
  /** The file will be sparse. */
  SPARSE,
  /** Each write is durable, all attributes included. */
  SYNC,
  /** Each write is durable. */
  DSYNC,
  /** What is written is there once close returns, in place too, {@code SafeOpenOption.DURABLE}. */
  DURABLE,
  /** The page cache is avoided, {@code ExtendedOpenOption.DIRECT}. */
  DIRECT
}
