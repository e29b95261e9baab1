package dev.safefs.op;

/** Something that can tell that it has come to its end. */
public interface Ending {

  /**
   * Tells whether nothing of this is left: its close is done, not only begun. Does not wait for one
   * that is under way.
   */
  boolean isOver();
}
