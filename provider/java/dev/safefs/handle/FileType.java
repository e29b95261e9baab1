package dev.safefs.handle;

/** The type of a file. */
public enum FileType {
  /** A regular file. */
  REGULAR,
  /** A directory. */
  DIRECTORY,
  /** A symbolic link. */
  SYMLINK,
  /** A FIFO. */
  FIFO,
  /** A socket. */
  SOCKET,
  /** A block device. */
  BLOCK_DEVICE,
  /** A character device. */
  CHARACTER_DEVICE,
  /** Not known without another look, as some directory listings leave it. */
  UNKNOWN;

  /**
   * Tells whether opening the file may hang or have a side effect.
   *
   * @return true for FIFOs, sockets and devices
   */
  public boolean isSpecial() {
    return this == FIFO || this == SOCKET || this == BLOCK_DEVICE || this == CHARACTER_DEVICE;
  }
}
