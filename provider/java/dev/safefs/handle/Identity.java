package dev.safefs.handle;

import org.jspecify.annotations.Nullable;

/**
 * What makes a file that file. Inode numbers are reused, so compare identities only while one of
 * the two files is held open, or with a generation.
 *
 * <p>Equality is written out, as in what is compared or hashed by every first write: the JVM links
 * that of a record at run time, which takes a start of a program 20 ms.
 *
 * @param fileKey device and inode, or what the platform has for them; compared by {@code equals}
 * @param keyspace where the key is one of: keys of two file systems in memory may be equal
 * @param birthNanoseconds time of birth since the epoch in nanoseconds, or 0 where it is not known
 * @param generation tells files apart that have one key one after the other, or 0 where nothing
 *     does
 */
public record Identity(Object fileKey, Object keyspace, long birthNanoseconds, long generation) {

  /**
   * An identity of nothing but a key.
   *
   * @param fileKey the key
   * @param keyspace where it is one of
   */
  public Identity(Object fileKey, Object keyspace) {
    this(fileKey, keyspace, 0, 0);
  }

  /**
   * Tells whether both are of one file. A generation that only one of them knows says nothing: the
   * call that tells it may be denied from some moment on.
   */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Identity that
        && fileKey.equals(that.fileKey)
        && keyspace.equals(that.keyspace)
        && (generation == that.generation || generation == 0 || that.generation == 0);
  }

  @Override
  public int hashCode() {
    return fileKey.hashCode();
  }
}
