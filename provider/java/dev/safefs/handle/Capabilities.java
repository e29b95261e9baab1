package dev.safefs.handle;

/** What the mount of a directory, the kernel and the platform have to offer. */
public interface Capabilities {

  /**
   * Tells what the mount may do. True until the contrary has been seen, and never a promise.
   *
   * @param capability what
   * @return false only if it was seen to be missing on this mount
   */
  boolean mayHave(Capability capability);

  /**
   * Tells whether the mount has what must not be believed untried where the file system is not
   * {@link Capability#LOCAL}.
   *
   * @param capability what
   * @param experiment made where the mount has not been tried; its finding is kept for the mount
   * @return false also if the experiment failed, of which nothing is kept
   */
  boolean isShown(Capability capability, Experiment experiment);

  /**
   * Fills bytes that nobody can foresee, for names that are free.
   *
   * @param bytes at most 256
   */
  void random(byte[] bytes);
}
