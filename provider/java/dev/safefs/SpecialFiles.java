package dev.safefs;

/** Whether devices, FIFOs and sockets may be opened (setting {@code specialFiles}). */
public enum SpecialFiles {
  /** Opening one fails at once, without a side effect. The default of a confined file system. */
  REFUSE,
  /** They are opened as the JDK would. The default of the ambient file system. */
  ALLOW
}
