package dev.safefs.linux;

import org.jspecify.annotations.Nullable;

/**
 * Device and inode of a file, shown as the JDK shows its own file keys, so that both can be
 * compared as text.
 *
 * @param device the device that holds it
 * @param inode its number there
 */
record FileKey(long device, long inode) {

  // Written out as in Identity, for a quick start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileKey that && device == that.device && inode == that.inode;
  }

  @Override
  public int hashCode() {
    return 31 * Long.hashCode(device) + Long.hashCode(inode);
  }

  @Override
  public String toString() {
    return "(dev=" + Long.toHexString(device) + ",ino=" + inode + ')';
  }
}
