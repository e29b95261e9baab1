package dev.safefs.handle;

import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * A directory that many may write to, such as {@code /tmp}, where the oldest traps are laid: what
 * the kernel refuses there to those who give it a path. Whoever looks first and opens then, as we
 * do, has to refuse the same. proc_sys_fs(5); may_follow_link() and may_create_in_sticky() in
 * fs/namei.c.
 *
 * <p>In a container all owners from outside have one number, which tells nobody from another.
 *
 * @param mode its permission bits; what is not sticky, or only its owner writes to, refuses nothing
 * @param owner numeric id of its owner, whose files and links are no trap
 * @param isOne tells whether a number is that of one user only
 * @param settings tells a setting of {@code /proc/sys/fs}, empty if nobody can tell
 */
public record SharedDirectory(
    int mode, int owner, IntPredicate isOne, Function<String, OptionalInt> settings) {
  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 0002;
  private static final int GROUP_WRITE = 0020;

  /** What systemd sets: not those that only a group may write to. */
  private static final int USUAL = 1;

  /**
   * Tells whether a link is not to be followed. The kernel says so where {@code
   * fs.protected_symlinks} is set, and we whatever that is set to.
   *
   * @param linkOwner its owner, another than the user
   * @return whether it may be a trap
   */
  public boolean refusesToFollow(int linkOwner) {
    return isTrap(linkOwner, OTHERS_WRITE);
  }

  /**
   * Tells whether a file is not to be taken for the one that was to be created: where {@code
   * fs.protected_regular} or {@code fs.protected_fifos} asks for it, or nobody can tell. Its owner
   * would read what is written.
   *
   * @param file the file, of another than the user
   * @return whether it may be a trap
   */
  public boolean refusesToTake(Stat file) {
    if (!isTrap(file.owner(), OTHERS_WRITE | GROUP_WRITE)) {
      return false;
    }
    int level =
        switch (file.type()) {
          case REGULAR -> level("protected_regular");
          case FIFO -> level("protected_fifos");
          default -> 0;
        };
    return level >= 2 || (level == 1 && isTrap(file.owner(), OTHERS_WRITE));
  }

  private int level(String setting) {
    return settings.apply(setting).orElse(USUAL);
  }

  private boolean isTrap(int other, int writers) {
    return (mode & STICKY) != 0 && (mode & writers) != 0 && (other != owner || !isOne.test(other));
  }
}
