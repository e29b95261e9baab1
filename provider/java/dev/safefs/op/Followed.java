package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a path leads once links at its end were followed. Closing it closes both.
 *
 * @param parent the directory and name at the end of the chain of links, owned
 * @param file what has that name, never a symbolic link, owned; empty where nothing has it
 */
record Followed(ParentRef parent, Optional<FileHandle> file) implements AutoCloseable {

  @Override
  public void close() throws IOException {
    try (ParentRef ignored = parent) {
      if (file.isPresent()) {
        file.get().close();
      }
    }
  }
}
