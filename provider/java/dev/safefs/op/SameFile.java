package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.request.LinkMode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;

/** Tells whether two paths lead to one file. Promise A2. */
public final class SameFile {
  /**
   * Since Java 26 the JDK says of what does not exist that it is not the same; before, it throws.
   */
  private static final boolean ANSWERS_FOR_ABSENT = Runtime.version().feature() >= 26;

  private SameFile() {}

  /**
   * Compares two files that are held open at once, so that a reused inode number is never mistaken
   * for the same file. Links are followed. Equal routes of one anchor are the same file without a
   * look, as the JDK has it. On Java 26 and later a link that leads nowhere is the same as itself.
   *
   * @param a one
   * @param b the other
   * @return whether they are one file
   * @throws IOException if one cannot be resolved
   */
  public static boolean isSame(Place a, Place b) throws IOException {
    if (a.anchor() == b.anchor() && a.route().text().equals(b.route().text())) {
      return true;
    }
    try (FileHandle first = find(a);
        FileHandle second = find(b)) {
      return first.stat().isSameFile(second.stat());
    } catch (NoSuchFileException e) {
      if (ANSWERS_FOR_ABSENT) {
        return false;
      }
      throw e;
    }
  }

  private static FileHandle find(Place place) throws IOException {
    try {
      return place.open(LinkMode.FOLLOW);
    } catch (NoSuchFileException e) {
      if (ANSWERS_FOR_ABSENT) {
        return place.open(LinkMode.NOFOLLOW);
      }
      throw e;
    }
  }
}
