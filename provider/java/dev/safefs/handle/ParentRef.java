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

  /**
   * Returns the same as the directory lists it.
   *
   * @return closes the same directory
   * @throws IOException if that cannot be found out
   */
  public ParentRef listed() throws IOException {
    return new ParentRef(dir, dir.spelling(name));
  }

  @Override
  public void close() throws IOException {
    dir.close();
  }
}
