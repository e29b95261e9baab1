package dev.safefs.linux;

import dev.safefs.MountPolicy;
import java.io.IOException;

/** How an anchor gets from a text to an open object. */
interface Resolution {

  /**
   * Opens what a text leads to.
   *
   * @param text a route's text, or that of its parent
   * @param goal what it is to end at
   * @param display the user's path
   * @return the descriptor, to be closed
   * @throws IOException if it cannot be resolved
   */
  Fd open(String text, Goal goal, String display) throws IOException;

  /**
   * Returns a resolution that begins at an open directory, with the same policies. Takes over the
   * descriptor.
   */
  Resolution at(Fd dir);

  /**
   * Returns a resolution that begins at an open directory which is nobody's root: what would begin
   * at the root escapes. Takes over the descriptor.
   */
  Resolution viewOf(Fd dir);

  /** Returns the directory it begins at. */
  Fd base();

  /** Returns whether names may be mount points. */
  MountPolicy mounts();

  /** Returns whether nothing leads out of the base. */
  boolean isConfining();
}
