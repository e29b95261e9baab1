package dev.safefs;

import dev.safefs.op.Abandonable;
import dev.safefs.op.Cleanup;
import dev.safefs.op.Ending;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.file.ClosedFileSystemException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a file system gave out and closes with itself, as far as it is still in use. */
final class OpenResources implements Closeable {
  /** Null once closed. */
  private @Nullable InUse<Closeable, Boolean> kept = new InUse<>(OpenResources::isOver);

  /**
   * Keeps a resource, weakly.
   *
   * @throws ClosedFileSystemException if this is closed; the resource is too, then
   */
  <C extends Closeable> C keep(C resource) {
    if (!add(resource)) {
      ClosedFileSystemException closed = new ClosedFileSystemException();
      Cleanup.close(() -> end(resource), closed);
      throw closed;
    }
    return resource;
  }

  /**
   * Closes all. A channel that would publish when closed gives up instead: its writer has not said
   * that it is done. What fails is thrown at the end, the first with the others suppressed.
   */
  @Override
  public void close() throws IOException {
    Cleanup.all(
        end().stream()
            .map(resource -> (Cleanup.Step) () -> end(resource))
            .toArray(Cleanup.Step[]::new));
  }

  private static void end(Closeable resource) throws IOException {
    try {
      if (resource instanceof Abandonable used) {
        used.abandon();
      } else {
        resource.close();
      }
    } catch (RuntimeException e) {
      // Of a delegate of another provider.
      throw new IOException(e);
    }
  }

  private synchronized boolean add(Closeable resource) {
    if (kept == null) {
      return false;
    }
    kept.put(resource, Boolean.TRUE);
    return true;
  }

  /** A close that is under way of what publishes is waited for, so it is not forgotten before. */
  private static boolean isOver(Closeable resource) {
    return resource instanceof Ending ending
        ? ending.isOver()
        : resource instanceof Channel channel && !channel.isOpen();
  }

  private synchronized List<Closeable> end() {
    List<Closeable> open = kept == null ? List.of() : kept.objects();
    kept = null;
    return open;
  }
}
