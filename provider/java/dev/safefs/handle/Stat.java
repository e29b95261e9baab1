package dev.safefs.handle;

import java.time.Instant;

/**
 * The attributes of a file that the algorithms look at.
 *
 * @param type its type
 * @param mode permission bits, 07777
 * @param owner numeric user id
 * @param group numeric group id
 * @param sizeBytes its size
 * @param linkCount number of hard links
 * @param device number of the device the file is, for device files
 * @param accessed time of last access
 * @param modified time of last modification
 * @param changed time of last status change
 * @param identity what makes it this file
 */
public record Stat(
    FileType type,
    int mode,
    int owner,
    int group,
    long sizeBytes,
    long linkCount,
    long device,
    Instant accessed,
    Instant modified,
    Instant changed,
    Identity identity) {

  /**
   * Tells whether both are of one file. Exact while either is held open.
   *
   * @param other another file's
   * @return whether the identities are equal
   */
  public boolean isSameFile(Stat other) {
    return identity.equals(other.identity);
  }

  /**
   * Returns these attributes with other permissions.
   *
   * @param mode permission bits, 07777
   * @return a copy
   */
  public Stat withMode(int mode) {
    return new Stat(
        type, mode, owner, group, sizeBytes, linkCount, device, accessed, modified, changed,
        identity);
  }

  /**
   * Returns these attributes of a file of somebody else.
   *
   * @param owner numeric user id
   * @param group numeric group id
   * @return a copy
   */
  public Stat withOwnership(int owner, int group) {
    return new Stat(
        type, mode, owner, group, sizeBytes, linkCount, device, accessed, modified, changed,
        identity);
  }

  /**
   * Returns these attributes of a file of so many names.
   *
   * @param linkCount number of hard links
   * @return a copy
   */
  public Stat withLinkCount(long linkCount) {
    return new Stat(
        type, mode, owner, group, sizeBytes, linkCount, device, accessed, modified, changed,
        identity);
  }

  /**
   * Returns these attributes of a file that is told by something else.
   *
   * @param identity what makes it this file
   * @return a copy
   */
  public Stat withIdentity(Identity identity) {
    return new Stat(
        type, mode, owner, group, sizeBytes, linkCount, device, accessed, modified, changed,
        identity);
  }
}
