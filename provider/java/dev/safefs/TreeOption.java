package dev.safefs;

import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Options of {@link SafeFiles#deleteTree}, {@link SafeFiles#copyTree} and, of {@link #onProgress}
 * only, {@link SafeFiles#moveTree}. Without one about failures an operation ends with its first. Of
 * two about the same the last one counts. The failure of a single file is not asked about, and what
 * is moved by one rename, or copied as a single file, tells of no progress.
 *
 * <pre>{@code
 * SafeFiles.deleteTree(dir, TreeOption.COLLECT_FAILURES,
 *     TreeOption.onProgress((entries, bytes, path) -> bar.show(entries)));
 * }</pre>
 */
public sealed interface TreeOption extends CopyOption
    permits TreeOption.Policy, TreeOption.OnFailure, TreeOption.OnProgress {

  /**
   * Does what can be done, and then fails with the first failure, up to 100 others suppressed onto
   * it.
   */
  TreeOption COLLECT_FAILURES = Policy.COLLECT_FAILURES;

  /**
   * Returns an option that asks what a failure means.
   *
   * @param handler asked on the calling thread; what it throws ends the operation, and so does
   *     null, with a {@code NullPointerException}
   * @return the option
   */
  static TreeOption onFailure(FailureHandler handler) {
    return new OnFailure(Objects.requireNonNull(handler, "handler"));
  }

  /**
   * Returns an option that reports progress.
   *
   * @param listener told on the calling thread; what it throws ends the operation and reaches the
   *     caller, such as a {@code java.util.concurrent.CancellationException}
   * @return the option
   */
  static TreeOption onProgress(ProgressListener listener) {
    return new OnProgress(Objects.requireNonNull(listener, "listener"));
  }

  /** What a failure means. */
  enum Decision {
    /** The operation ends with it. */
    STOP,
    /** The operation goes on, and fails with it, or with an earlier one, at the end. */
    COLLECT,
    /** The operation goes on. */
    IGNORE
  }

  /** Asked what a failure means. */
  @FunctionalInterface
  interface FailureHandler {
    /**
     * Decides.
     *
     * @param path the entry, of the source where there are two trees
     * @param failure what failed
     * @return what it means
     */
    Decision failed(Path path, IOException failure);
  }

  /** Told of progress after each entry. */
  @FunctionalInterface
  interface ProgressListener {
    /**
     * Is told how far the operation is.
     *
     * @param entries how many entries are done, the root of the tree included
     * @param bytes how many bytes of content were copied, holes included; zero for a deletion
     * @param path the last entry, of the source where there are two trees
     */
    void progressed(long entries, long bytes, Path path);
  }

  /** The options that are a constant. */
  enum Policy implements TreeOption {
    /** See {@link TreeOption#COLLECT_FAILURES}. */
    COLLECT_FAILURES
  }

  /**
   * The option that {@link #onFailure} makes.
   *
   * @param handler asked what a failure means
   */
  record OnFailure(FailureHandler handler) implements TreeOption {}

  /**
   * The option that {@link #onProgress} makes.
   *
   * @param listener told of the progress
   */
  record OnProgress(ProgressListener listener) implements TreeOption {}
}
