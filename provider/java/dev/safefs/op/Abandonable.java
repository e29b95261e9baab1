package dev.safefs.op;

import java.io.IOException;

/** Something that is given up, not ended, when its file system is closed under it. */
public interface Abandonable extends Ending {

  /**
   * Frees what this holds, and publishes nothing. Its user has not closed it and is still to be
   * told: by their own {@code close} of a writer, which throws once, or by the next thing that they
   * read. Does nothing if they have closed it. Promise W2.
   *
   * @throws IOException naming the file that is not published, or if something cannot be freed
   */
  void abandon() throws IOException;
}
