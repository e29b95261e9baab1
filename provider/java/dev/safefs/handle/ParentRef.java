package dev.safefs.handle;

import java.io.IOException;

/**
 * A name in an open directory: what every change acts on. Closing it closes the directory.
 *
 * @param dir the directory, owned
 * @param name the name in it
 */
public record ParentRef(Dir dir, Name name) implements AutoCloseable {

  /**
   * Returns the user's path of the name.
   *
   * @return for messages
   */
  public String display() {
    return dir.display(name);
  }

  @Override
  public void close() throws IOException {
    dir.close();
  }
}
