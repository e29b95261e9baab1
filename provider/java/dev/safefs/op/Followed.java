package dev.safefs.op;

import dev.safefs.handle.FileHandle;
import dev.safefs.handle.ParentRef;
import dev.safefs.handle.Stat;
import java.io.IOException;
import java.util.Optional;

/**
 * Where a path leads once links at its end were followed. Closing it closes both.
 *
 * @param parent the directory and name at the end of the chain of links, owned
 * @param file what has that name, owned; never a symbolic link if links were followed; empty where
 *     nothing has it
 * @param seen its attributes, if they were looked at
 * @param naming whether that name is the file's own
 */
record Followed(ParentRef parent, Optional<FileHandle> file, Optional<Stat> seen, Naming naming)
    implements AutoCloseable {

  /** Whether the name at the end of the chain is a name of the file. */
  enum Naming {
    /** It is. */
    BY_NAME,
    /**
     * It is a link that the kernel made up, such as {@code /proc/self/fd/1}: what it leads to may
     * have no name at all.
     */
    BY_KERNEL
  }

  /** Returns the attributes of the file that there is, as of now or of the look. */
  Stat stat() throws IOException {
    return seen.isPresent() ? seen.get() : file.orElseThrow().stat();
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      Cleanup.all(file.get()::close, parent::close);
    } else {
      parent.close();
    }
  }
}
