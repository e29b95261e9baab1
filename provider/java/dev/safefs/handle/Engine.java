package dev.safefs.handle;

import dev.safefs.LinkPolicy;
import dev.safefs.MountPolicy;
import java.io.IOException;

/** A platform: where anchors come from. */
public interface Engine {

  /**
   * Returns the anchor of the machine's own namespace. Relative routes begin at the working
   * directory.
   *
   * @return an anchor that does not confine; closing it does nothing
   */
  Anchor ambient();

  /**
   * Opens a directory as a confining anchor.
   *
   * @param root the directory, resolved as the ambient anchor does
   * @param links what symbolic links may do
   * @param mounts whether mounts may be crossed
   * @return the anchor, to be closed
   * @throws IOException if it cannot be opened or is no directory
   */
  Anchor confine(Route root, LinkPolicy links, MountPolicy mounts) throws IOException;
}
