package dev.safefs;

import dev.safefs.op.Anonymous;
import dev.safefs.request.CopyRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file without a name, private to its user, which is gone when it is closed or its process dies,
 * unless it was published. Promise T1. Made by {@link SafeFiles#anonymousFile}.
 *
 * <pre>{@code
 * try (AnonymousFile file = SafeFiles.anonymousFile(dir)) {
 *   render(file.channel());
 *   file.publish(dir.resolve("report.pdf"), StandardCopyOption.REPLACE_EXISTING);
 * }
 * }</pre>
 *
 * <p>Of {@code O_TMPFILE}, open(2), Linux 3.11. Where the mount has no such files it has a random
 * name in a private directory, which {@link SafeFiles#sweep} removes after a crash. <i>Races:</i>
 * processes of the same user can open it, as any file of theirs; proc(5).
 */
public final class AnonymousFile implements Closeable {
  private final Anonymous file;

  AnonymousFile(Anonymous file) {
    this.file = file;
  }

  /**
   * Returns the channel on the file: for reading and writing, with locks, mapping and transfer. Its
   * {@code force} syncs the content and publishes nothing. It is the JDK's: on a disk that gets
   * full a {@code write} tells by what it returns, and only the next one fails.
   *
   * @return always the same, closed with this
   */
  public FileChannel channel() {
    return file.channel();
  }

  /**
   * Gives the file a name, as it is now; the channel goes on in place, and readers of the name see
   * each later write. May be called again, for another name. The owner is the caller and the mode
   * that of a new file, also where another is replaced: nothing of that is carried over.
   *
   * <p><i>Atomicity:</i> a reader of the name sees the old file, or none, until it sees the whole
   * new one. <i>Durability:</i> the content is synced before it gets the name, unless {@link
   * Durability#NONE} is set, and the name as the options or the target's {@link Durability} ask.
   * <i>Races:</i> to another file system, or one without hard links, it is published as a copy,
   * which the channel does not write to.
   *
   * @param target the name; a link there is replaced itself
   * @param options of {@code REPLACE_EXISTING} and {@link SafeCopyOption#DURABLE}
   * @throws java.nio.file.FileAlreadyExistsException if the name is taken and not to be replaced,
   *     or taken by a directory, even an empty one
   * @throws UnsupportedOperationException for another option
   * @throws java.nio.channels.ClosedChannelException if this is closed
   * @throws IOException if it fails otherwise; the name is as it was
   */
  public void publish(Path target, CopyOption... options) throws IOException {
    for (CopyOption option : options) {
      if (option != StandardCopyOption.REPLACE_EXISTING && option != SafeCopyOption.DURABLE) {
        throw new UnsupportedOperationException(option + " not supported");
      }
    }
    file.publish(Places.of(target), CopyRequest.parse(options));
  }

  /**
   * Ends the use of the file and closes its channel. What was not published is gone. Does nothing
   * the second time.
   *
   * @throws IOException if what is left of it cannot be removed
   */
  @Override
  public void close() throws IOException {
    file.close();
  }
}
