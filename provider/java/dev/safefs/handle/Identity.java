package dev.safefs.handle;

import org.jspecify.annotations.Nullable;

/**
 * What makes a file that file. Inode numbers are reused, so compare identities only while one of
 * the two files is held open, or with a birth time.
 *
 * <p>Equality is written out, as in what is compared or hashed by every first write: the JVM links
 * that of a record at run time, which takes a start of a program 20 ms.
 *
 * @param fileKey device and inode, or what the platform has for them; compared by {@code equals}
 * @param birthNanoseconds time of birth since the epoch in nanoseconds, or 0 where it is not known
 */
public record Identity(Object fileKey, long birthNanoseconds) {

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Identity that
        && fileKey.equals(that.fileKey)
        && birthNanoseconds == that.birthNanoseconds;
  }

  @Override
  public int hashCode() {
    return 31 * fileKey.hashCode() + Long.hashCode(birthNanoseconds);
  }
}
