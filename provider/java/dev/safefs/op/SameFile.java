package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.request.LinkMode;
import java.io.IOException;

/** Tells whether two paths lead to one file. Promise A2. */
public final class SameFile {

  private SameFile() {}

  /**
   * Compares two files that are held open at once, so that a reused inode number is never mistaken
   * for the same file. Links are followed. Equal routes of one anchor are the same file without a
   * look, as the JDK has it.
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
    try (FileHandle first = a.open(LinkMode.FOLLOW);
        FileHandle second = b.open(LinkMode.FOLLOW)) {
      return first.stat().isSameFile(second.stat());
    }
  }
}
