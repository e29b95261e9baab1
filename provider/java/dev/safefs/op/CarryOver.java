package dev.safefs.op;

import dev.safefs.Strictness;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.Kept;
import dev.safefs.handle.Stat;
import java.io.IOException;

/**
 * Carries owner, extended attributes and mode over to the file that replaces another. Promise W4.
 */
final class CarryOver {
  private static final int PRIVILEGES = 06000;

  private final String path;
  private final FileHandle to;
  private Kept kept = Kept.FOR_GOOD;
  private int owner;
  private int group;

  /**
   * Prepares.
   *
   * @param path the user's
   * @param to the file that replaces another; nobody else can reach it
   * @param made the attributes it was made with
   */
  CarryOver(String path, FileHandle to, Stat made) {
    this.path = path;
    this.to = to;
    this.owner = made.owner();
    this.group = made.group();
  }

  /**
   * Carries owner, then extended attributes over, in this order because a change of owner removes
   * file capabilities.
   *
   * @param from the file that is replaced
   * @param wanted its attributes
   * @param strictness what happens to what cannot be kept
   * @return the mode to be set at last, without setuid and setgid if the owner could not be kept
   * @throws dev.safefs.GuaranteeUnavailableException if something cannot be kept, when strict
   */
  int run(FileHandle from, Stat wanted, Strictness strictness) throws IOException {
    boolean isOwned = from.knowsOwner(wanted) ? owner(wanted, strictness) : unknown(strictness);
    try {
      kept = from.copyExtendedAttributesTo(to);
    } catch (IOException e) {
      Downgrade.accept(strictness, path, "W4 (extended attributes)", e);
    }
    return isOwned ? wanted.mode() : wanted.mode() & ~PRIVILEGES;
  }

  /** Tells whether all that was carried over is there also once the file was written to. */
  boolean isKeptForGood() {
    return kept == Kept.FOR_GOOD;
  }

  private boolean unknown(Strictness strictness) throws IOException {
    String reason = "they have no numbers in this user namespace";
    Downgrade.accept(strictness, path, "W4 (owner and group)", reason);
    return false;
  }

  /** Returns whether owner and group are the wanted ones. */
  private boolean owner(Stat wanted, Strictness strictness) throws IOException {
    boolean otherOwner = owner != wanted.owner();
    boolean otherGroup = group != wanted.group();
    if (!otherOwner && !otherGroup) {
      return true;
    }
    try {
      to.setOwner(otherOwner ? wanted.owner() : -1, otherGroup ? wanted.group() : -1);
      owner = wanted.owner();
      group = wanted.group();
      return true;
    } catch (IOException e) {
      Downgrade.accept(strictness, path, "W4 (owner and group)", e);
    }
    if (otherOwner && otherGroup) {
      group(wanted);
    }
    return false;
  }

  private void group(Stat wanted) {
    try {
      to.setOwner(-1, wanted.group());
      group = wanted.group();
    } catch (IOException e) {
      // The loss of the owner, which implies this one, has been told.
      return;
    }
  }
}
