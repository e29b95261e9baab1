package dev.safefs;

/**
 * Whether devices, FIFOs and sockets may be opened, and devices be read by a copy that follows
 * links (setting {@code specialFiles}). Promise R6. Their attributes, moving and deleting do not
 * depend on it; FIFOs and sockets are never read by a copy.
 */
public enum SpecialFiles {
  /**
   * Opening one fails at once with a {@code FileSystemException}, and without a side effect on it.
   * The default of a confined file system, and always so beneath a guard.
   */
  REFUSE,
  /**
   * They are opened as the JDK would: a FIFO waits for its other end, fifo(7), and a device may
   * act. They are always written in place. The default of the ambient file system and the default
   * provider.
   */
  ALLOW
}
