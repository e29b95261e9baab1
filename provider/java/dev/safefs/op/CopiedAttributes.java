package dev.safefs.op;

import static dev.safefs.handle.AcrossEngines.withoutOwner;

import dev.safefs.Strictness;
import dev.safefs.handle.FileHandle;
import dev.safefs.handle.FileType;
import dev.safefs.handle.Refusal;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.nio.file.FileSystemException;

/**
 * Gives a copy that nobody sees yet the attributes of its source, all by handle. Promises C3 and
 * C5.
 */
final class CopiedAttributes {
  private static final int SETUID = 04000;
  private static final int SETGID = 02000;
  private static final int KEEP = -1;

  private CopiedAttributes() {}

  /**
   * Applies owner, extended attributes, mode and times, in this order: a change of owner clears
   * setuid, and each change but the last touches the times. An owner that may not be given is left,
   * as {@code cp -p} and the JDK do, and setuid or setgid with it. So is one of another engine's,
   * or of another user namespace, whose number means another owner here, or none.
   *
   * @param source the source
   * @param stat its attributes, from when it was opened
   * @param copy the copy
   * @param display the user's path of the target
   * @param strictness what happens where extended attributes cannot be kept
   * @throws dev.safefs.GuaranteeUnavailableException if an extended attribute or ACL cannot be kept
   *     and that is strict
   * @throws IOException if mode or times cannot be set
   */
  static void apply(
      FileHandle source, Stat stat, FileHandle copy, String display, Strictness strictness)
      throws IOException {
    int mode = owner(meant(source, stat, copy, display), copy, display);
    extendedAttributes(source, copy, display, strictness);
    if (stat.type() != FileType.SYMLINK) {
      copy.setMode(mode);
    }
    copy.setTimes(stat.accessed(), stat.modified());
  }

  /** Returns what the copy gets, without an owner whose number does not mean the same there. */
  private static Stat meant(FileHandle source, Stat stat, FileHandle copy, String display)
      throws IOException {
    if (source.knowsOwner(stat)) {
      return source.sharesEngineWith(copy) ? stat : withoutOwner(stat);
    }
    String reason = "owner or group has no number in this user namespace";
    Downgrade.accept(Strictness.BEST_EFFORT, display, "C3", reason);
    return withoutOwner(stat);
  }

  /** Gives owner and group as far as allowed, and returns the mode that may go with them. */
  private static int owner(Stat stat, FileHandle copy, String display) throws IOException {
    Stat now = copy.stat();
    if (now.owner() == stat.owner() && now.group() == stat.group()) {
      return stat.mode();
    }
    try {
      copy.setOwner(stat.owner(), stat.group());
      return stat.mode();
    } catch (FileSystemException e) {
      requireRefusal(e);
      Downgrade.accept(Strictness.BEST_EFFORT, display, "C3", e);
    }
    int withoutSetuid = now.owner() == stat.owner() ? stat.mode() : stat.mode() & ~SETUID;
    if (now.group() == stat.group()) {
      return withoutSetuid;
    }
    try {
      copy.setOwner(KEEP, stat.group());
      return withoutSetuid;
    } catch (FileSystemException e) {
      requireRefusal(e);
      return withoutSetuid & ~SETGID;
    }
  }

  private static void extendedAttributes(
      FileHandle source, FileHandle copy, String display, Strictness strictness)
      throws IOException {
    try {
      source.copyExtendedAttributesTo(copy);
    } catch (FileSystemException e) {
      requireRefusal(e);
      Downgrade.accept(strictness, display, "C3", e);
    }
  }

  /**
   * Lets what is no matter of rights or support, such as a full disk or a broken one, end the copy.
   */
  private static void requireRefusal(FileSystemException failure) throws FileSystemException {
    if (!Refusal.NOT_PERMITTED.isIn(failure) && !Refusal.UNSUPPORTED.isIn(failure)) {
      throw failure;
    }
  }
}
