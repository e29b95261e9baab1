package dev.safefs.handle;

import java.io.IOException;

/** Told of the progress of a copy, between steps of bounded length. */
public interface CopyMonitor {

  /** Wants nothing. */
  CopyMonitor NONE = (doneBytes, totalBytes) -> {};

  /**
   * Is told how far the copy is.
   *
   * @param doneBytes how much of the file is behind, holes included
   * @param totalBytes the size of the source when it was opened
   * @throws IOException to end the copy with it
   */
  void progressed(long doneBytes, long totalBytes) throws IOException;
}
