package dev.safefs.op;

import java.io.IOException;

/**
 * How an operation on a tree goes about failures and progress.
 *
 * @param failures asked what a failure means
 * @param monitor told of progress
 */
public record TreePlan(Failures failures, Monitor monitor) {

  /** Ends at the first failure, and wants nothing told. */
  public static final TreePlan STOP = new TreePlan((path, failure) -> Decision.STOP, Monitor.NONE);

  /** Does what can be done, and then fails with all failures. */
  public static final TreePlan COLLECT =
      new TreePlan((path, failure) -> Decision.COLLECT, Monitor.NONE);

  /** What a failure means. */
  public enum Decision {
    /** The operation ends with it. */
    STOP,
    /** The operation goes on, and fails with it at the end; later ones are suppressed onto it. */
    COLLECT,
    /** The operation goes on. */
    IGNORE
  }

  /** Asked what a failure means. */
  @FunctionalInterface
  public interface Failures {
    /**
     * Decides.
     *
     * @param path the user's path of the entry
     * @param failure what failed
     * @return what it means
     */
    Decision failed(String path, IOException failure);
  }

  /** Told of progress after each entry. */
  @FunctionalInterface
  public interface Monitor {
    /** Wants nothing told, so that no paths need to be made. */
    Monitor NONE = (entries, bytes, path) -> {};

    /**
     * Is told how far the operation is.
     *
     * @param entries how many entries are done
     * @param bytes how many bytes were copied
     * @param path the user's path of the last one
     * @throws IOException to end the operation with it
     */
    void progressed(long entries, long bytes, String path) throws IOException;
  }
}
