package dev.safefs;

import dev.safefs.op.Batch;
import dev.safefs.op.PendingWrite;
import dev.safefs.request.OpenRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Whole files that are published together, with one sync for each directory instead of one for each
 * file. Promise W6. Made by {@link SafeFiles#batch}.
 *
 * <pre>{@code
 * try (FileBatch batch = SafeFiles.batch()) {
 *   for (Page page : pages) {
 *     page.writeTo(batch.add(dir.resolve(page.name())));
 *   }
 *   batch.commit();
 * }
 * }</pre>
 *
 * <p><i>Atomicity:</i> each file for itself: a reader may see some new and some old. Not safe for
 * use by several threads.
 */
public final class FileBatch implements Closeable {
  private final Batch batch = new Batch();
  private final Map<PendingWrite, Path> paths = new IdentityHashMap<>();
  private final List<Path> published = new ArrayList<>();

  FileBatch() {}

  /**
   * Begins one more file.
   *
   * @param path the file, created or replaced
   * @param options as for {@link SafeFiles#pending}
   * @return a channel on the pending content, closed by {@link #commit} and {@link #close}
   * @throws IOException as for {@link SafeFiles#pending}
   */
  public FileChannel add(Path path, OpenOption... options) throws IOException {
    SafePath file = Places.adopt(path);
    OpenRequest request = WholeFileOptions.parse(file, options);
    PendingWrite write = batch.add(file.place(), request);
    paths.put(write, path);
    return write.channel();
  }

  /**
   * Publishes: makes all contents durable, then gives the names in the order the files were added,
   * then syncs each directory once. <i>Durability:</i> as the options or the file systems' {@link
   * Durability} say.
   *
   * @throws IOException if a content could not be made durable, and none is published; or a name
   *     not be given, and {@link #published} tells which were; or a directory not be synced
   */
  public void commit() throws IOException {
    Batch.Result result = batch.commit();
    for (PendingWrite write : result.published()) {
      published.add(Objects.requireNonNull(paths.get(write)));
    }
    if (result.failure().isPresent()) {
      throw result.failure().get();
    }
  }

  /**
   * Returns what readers see now.
   *
   * @return the paths that were added and published, in their order
   */
  public List<Path> published() {
    return List.copyOf(published);
  }

  /**
   * Ends the batch. What was not published is gone.
   *
   * @throws IOException if what is left of it cannot be removed
   */
  @Override
  public void close() throws IOException {
    batch.close();
  }
}
