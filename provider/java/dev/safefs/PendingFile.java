package dev.safefs;

import dev.safefs.op.PendingWrite;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * A file that is written and not yet visible. Promise W7.
 *
 * <p>{@link #commit} publishes it, and nothing else does: not the end of its channel, and not
 * {@link #close} alone. This is what certainty looks like where the code that makes the content may
 * fail, not only the disk:
 *
 * <pre>{@code
 * try (PendingFile file = SafeFiles.pending(path)) {
 *   write(file.channel());
 *   file.commit();
 * }
 * }</pre>
 *
 * <p>Safe for use by several threads.
 */
public final class PendingFile implements Closeable {
  private final PendingWrite write;

  PendingFile(PendingWrite write) {
    this.write = write;
  }

  /**
   * Returns the channel on the pending content. A failure of one of its methods makes {@link
   * #commit} fail.
   *
   * @return the channel, closed by {@link #commit} and {@link #close}
   */
  public FileChannel channel() {
    return write.channel();
  }

  /**
   * Publishes the file. <i>Atomicity:</i> a reader of the name sees the old file, or none, until it
   * sees the new one whole. <i>Durability:</i> as the options or the file system's {@link
   * Durability} say.
   *
   * @throws java.nio.file.FileSystemException if an operation of the channel failed before, which
   *     is the cause; nothing was published
   * @throws java.nio.file.FileAlreadyExistsException if it was opened with {@code CREATE_NEW} and
   *     another was first
   * @throws IllegalStateException if it was committed or closed before
   * @throws IOException if it could not be published, or not be made durable
   */
  public void commit() throws IOException {
    write.commit();
  }

  /**
   * Ends the writing. What was not committed is gone. Does nothing the second time.
   *
   * @throws IOException if what is left of it cannot be removed
   */
  @Override
  public void close() throws IOException {
    write.close();
  }
}
