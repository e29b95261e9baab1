package dev.safefs;

import dev.safefs.op.PendingWrite;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * A file that is written and not yet visible. Promises W1, W2, W4 and W7. Made by {@link
 * SafeFiles#pending}.
 *
 * <p>{@link #commit} publishes it, and nothing else does: not the end of its channel, and not
 * {@link #close} alone. A program that ends or is killed, or a file system that is closed, before
 * that publishes nothing. This is what certainty looks like where the code that makes the content
 * may fail, not only the disk:
 *
 * <pre>{@code
 * try (PendingFile file = SafeFiles.pending(path)) {
 *   write(file.channel());
 *   file.commit();
 * }
 * }</pre>
 *
 * <p>While it is pending it is private (mode 0600). It gets owner, group, mode, ACL and extended
 * attributes of the file that it replaces, or those of a new file. Safe for use by several threads.
 */
public final class PendingFile implements Closeable {
  private final PendingWrite write;

  PendingFile(PendingWrite write) {
    this.write = write;
  }

  /**
   * Returns the channel on the pending content. A failure of one of its methods, or an interrupt,
   * makes {@link #commit} fail. Closing it publishes nothing, nor does its {@code force}, which
   * syncs the pending content; a lock of it excludes nobody. A {@code write} is of all that is
   * given, a {@code transferFrom} of all that the source has, or it fails.
   *
   * @return always the same, closed by {@link #commit} and {@link #close}
   */
  public FileChannel channel() {
    return write.channel();
  }

  /**
   * Publishes the file. A commit that failed cannot be repeated.
   *
   * <p><i>Atomicity:</i> a reader of the name sees the old file, or none, until it sees the new one
   * whole; linkat(2), rename(2). <i>Durability:</i> as the options or the file system's {@link
   * Durability} say. <i>Races:</i> of several who write the file the last to commit has it. Over
   * what cannot be renamed over (a mount point, or another user's file in a sticky directory;
   * rename(2), EBUSY and EPERM) it is copied in place with {@link Strictness#BEST_EFFORT}, which
   * readers see, and a failure in the middle leaves.
   *
   * @throws java.nio.file.FileSystemException if an operation of the channel failed before, which
   *     is the cause, or a directory or special file has taken the name; nothing was published
   * @throws java.nio.file.FileAlreadyExistsException if it was opened with {@code CREATE_NEW} and
   *     another was first
   * @throws java.nio.file.AccessDeniedException if another file has taken the name, which the
   *     caller may not write
   * @throws GuaranteeUnavailableException if the file system is strict, and something of a file
   *     that took the name cannot be kept, or the file cannot be renamed over; or its directory
   *     cannot be synced, and it is published
   * @throws IllegalStateException if it was committed or closed before
   * @throws IOException if it could not be published, and the old file is as it was; or its name
   *     not be made durable, and it is published
   */
  public void commit() throws IOException {
    write.commit();
  }

  /**
   * Ends the writing and closes the channel. What was not committed is gone. Does nothing the
   * second time.
   *
   * @throws IOException if what is left of it cannot be removed
   */
  @Override
  public void close() throws IOException {
    write.close();
  }
}
