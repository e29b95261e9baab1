package dev.safefs;

import dev.safefs.op.Batch;
import dev.safefs.op.PendingWrite;
import dev.safefs.op.Place;
import dev.safefs.request.LinkMode;
import dev.safefs.request.OpenRequest;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whole files that are published together, with one sync for each directory instead of one for each
 * file. Promise W6. Made by {@link SafeFiles#batch}.
 *
 * <pre>{@code
 * try (FileBatch batch = SafeFiles.batch(dir)) {
 *   for (Page page : pages) {
 *     page.writeTo(batch.add(dir.resolve(page.name())));
 *   }
 *   batch.commit();
 * }
 * }</pre>
 *
 * <p><i>Atomicity:</i> each file for itself: a reader may see some new and some old, and so may
 * whoever comes after a crash in the middle of {@link #commit}. <i>Durability:</i> content before
 * its name. Closing the file system of one of the directories ends the batch; what was not
 * committed is gone. Safe for use by several threads.
 */
public final class FileBatch implements Closeable {
  private final Batch batch = new Batch();
  private final Set<Path> directories;
  private final Map<PendingWrite, Path> paths = new IdentityHashMap<>();
  private final List<Path> published = new ArrayList<>();

  private FileBatch(Set<Path> directories) {
    this.directories = directories;
  }

  /** Begins a batch in directories that exist. */
  static FileBatch open(List<Path> given) throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    Set<Namespace> namespaces = new LinkedHashSet<>();
    for (Path each : given) {
      SafePath dir = Places.adopt(each);
      Place place = dir.place();
      place.anchor().openDir(place.route(), LinkMode.FOLLOW).close();
      directories.add(lexical(dir));
      namespaces.add(dir.getFileSystem().namespace());
    }
    FileBatch batch = new FileBatch(directories);
    for (Namespace namespace : namespaces) {
      namespace.keep(batch);
    }
    return batch;
  }

  private static Path lexical(SafePath path) {
    return path.toAbsolutePath().normalize();
  }

  /**
   * Begins one more file.
   *
   * @param path the file, created or replaced, in one of the batch's directories, whose absolute
   *     normalized paths are compared; a link there is written through
   * @param options as for {@link SafeFiles#pending}
   * @return a channel on the pending content, closed by {@link #commit} and {@link #close}; closing
   *     it publishes nothing, and a failure of one of its methods makes {@link #commit} fail
   * @throws IllegalArgumentException if it is in none of the directories, and for options as for
   *     {@link SafeFiles#pending}
   * @throws UnsupportedOperationException for options as for {@link SafeFiles#pending}
   * @throws IllegalStateException if the batch was committed or closed before
   * @throws IOException as for {@link SafeFiles#pending}
   */
  public synchronized FileChannel add(Path path, OpenOption... options) throws IOException {
    SafePath file = Places.adopt(path);
    Path parent = lexical(file).getParent();
    if (parent == null || !directories.contains(parent)) {
      throw new IllegalArgumentException(path + " is in none of the directories of the batch");
    }
    OpenRequest request = WholeFileOptions.parse(file, options);
    PendingWrite write = batch.add(file.place(), request);
    paths.put(write, path);
    return write.channel();
  }

  /**
   * Publishes: makes all contents durable, then gives the names in the order the files were added,
   * then syncs each directory once, as far as the options or the file systems' {@link Durability}
   * ask: it is {@code FILE_AND_NAME} that syncs directories on every mount. A commit that failed
   * cannot be repeated.
   *
   * @throws IllegalStateException if it was committed or closed before
   * @throws java.nio.file.FileSystemException if an operation of a channel failed before, which is
   *     the cause; none is published
   * @throws IOException if a content could not be made durable, and none is published; or a name
   *     not be given, as for {@link PendingFile#commit}, and {@link #published} tells which were,
   *     all of them added before it; or a directory not be synced, and all are published. Later
   *     failures are suppressed onto the first
   */
  public synchronized void commit() throws IOException {
    Batch.Result result = batch.commit();
    for (PendingWrite write : result.published()) {
      published.add(Objects.requireNonNull(paths.get(write)));
    }
    result.check();
  }

  /**
   * Returns what {@link #commit} has published.
   *
   * @return the paths as they were given, in the order in which they were added
   */
  public synchronized List<Path> published() {
    return List.copyOf(published);
  }

  /**
   * Ends the batch and closes its channels. What was not published is gone. Does nothing the second
   * time.
   *
   * @throws IOException if what is left of it cannot be removed
   */
  @Override
  public void close() throws IOException {
    batch.close();
  }
}
