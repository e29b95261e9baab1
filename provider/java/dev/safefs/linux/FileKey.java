package dev.safefs.linux;

/**
 * Device and inode of a file, shown as the JDK shows its own file keys, so that both can be
 * compared as text.
 *
 * @param device the device that holds it
 * @param inode its number there
 */
record FileKey(long device, long inode) {
  @Override
  public String toString() {
    return "(dev=" + Long.toHexString(device) + ",ino=" + inode + ')';
  }
}
